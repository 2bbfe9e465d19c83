import ssh2 from 'ssh2'

/**
 * A new Ed25519 key pair in OpenSSH's formats. Of those that ssh2 makes, some in a thousand cannot be read by itself
 * (it drops a leading zero), so each is read before it is given.
 */
export function makeKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    const isRead = [pair.private, pair.public].every(text => !(ssh2.utils.parseKey(text) instanceof Error))
    if (isRead) return pair
  }
}
