export const transport = {
  // SSH
  'transport.sshConfigUnreadable': '{{file}} cannot be read as an SSH configuration. Mend it or move it away.',
  'transport.sshConfigTooDeep': '{{file}} is included too deeply: its Include lines run in a circle.',
  'transport.sshConfigValue':
    'The SSH configuration says {{name}} {{value}}, which means nothing. Correct it in ~/.ssh/config.',
  'transport.sshTooManyJumps':
    'The way to {{host}} has too many jumps. Look for a circle of ProxyJump lines in ~/.ssh/config.',
  'transport.sshJumpFailed': 'The jump host could not reach {{host}}: {{reason}}',
  'transport.sshUnreachable': '{{host}} cannot be reached over SSH: {{reason}}',
  'transport.sshTimeout': '{{host}} did not answer within {{seconds}} s.',
  'transport.sshNoCommonAlgorithm': '{{host}} offers no SSH algorithm that is still safe to use: {{reason}}',
  'transport.sshDenied': '{{host}} let nobody in as {{user}}. Tried: {{tried}}.',
  'transport.sshNoKey':
    '{{host}} let nobody in as {{user}}, and there was no key to offer. Start an agent (ssh-add), or name an IdentityFile in ~/.ssh/config.',
  'transport.hostNotFound': 'There is no host called {{host}}. Check the address and your network.',
  'transport.sshNoSession':
    '{{host}} opens no session ({{reason}}). Its sshd may permit none, or too few: see MaxSessions in its sshd_config.',
  'transport.connectionLost': 'The connection to {{host}} was lost.',
  'transport.hostKeyChanged':
    'The host key of {{host}} is not the one in {{file}}, line {{line}}. It now shows {{algorithm}} {{fingerprint}}. Either the host was set up anew or somebody is listening in. Ask its owner; if it is true, run: ssh-keygen -R "{{host}}" -f "{{file}}"',
  'transport.hostKeyRevoked':
    'The host key of {{host}} ({{algorithm}} {{fingerprint}}) is marked as revoked in {{file}}, line {{line}}. Do not trust this host.',
  'transport.hostCertificateUnreadable':
    '{{host}} shows a certificate that cannot be read, so nothing was sent there. Have its host key signed again (ssh-keygen -s CA -h).',
  'transport.certificateNotSigned':
    'The certificate that {{host}} shows names the authority of {{file}}, line {{line}}, and is not signed by it. Do not trust this host.',
  'transport.certificateOfPerson':
    '{{host}} shows a certificate of the authority of {{file}}, line {{line}}, that is for a person and not for a host. Have its host key signed with ssh-keygen -s CA -h.',
  'transport.certificateOtherName':
    'The certificate of {{host}}, by the authority of {{file}}, line {{line}}, is for hosts of other names. Connect by one of its names, or have its host key signed for this one (ssh-keygen -s CA -h -n NAME).',
  'transport.certificateEarly':
    'The certificate of {{host}}, by the authority of {{file}}, line {{line}}, is not valid yet. Check the clock of this machine, or have its host key signed again.',
  'transport.certificateExpired':
    'The certificate of {{host}}, by the authority of {{file}}, line {{line}}, has expired. Have its host key signed again (ssh-keygen -s CA -h), or check the clock of this machine.',
  'transport.certificateOption':
    'The certificate of {{host}}, by the authority of {{file}}, line {{line}}, has a critical option that no host certificate knows. Have its host key signed without it.',
  'transport.hostKeyUnknown':
    'The host key of {{host}} ({{algorithm}} {{fingerprint}}) is in no known_hosts file, and StrictHostKeyChecking is yes. Connect once with ssh to confirm it.',
  'transport.hostKeyNotConfirmed':
    'Nobody confirmed the host key of {{host}} ({{algorithm}} {{fingerprint}}), so nothing was sent there.',
  'transport.knownHostsUnreadable': '{{file}} cannot be read, so no host can be recognised.',
  'transport.knownHostsUnwritable': 'The host key could not be written to {{file}}. Check who may write there.',

  // Addresses
  'transport.badUrl': '{{url}} is not an address of a Git repository.',
  'transport.badScheme': '{{scheme}}:// is not supported. Use https, ssh, or a folder.',
  'transport.noSuchRemote':
    'This repository has no remote called {{remote}}. Add it with: git remote add {{remote}} <address>',
  'transport.folderGone': 'The remote folder {{path}} is not there now. If it is on another disk, connect it.',
  'transport.needsGit': 'Repositories on this disk are read through git, and no git is installed here.',

  // HTTP
  'transport.httpUnreachable':
    '{{host}} cannot be reached ({{reason}}). Check the address and the network, and `http.proxy` where there is one.',
  'transport.httpStatus': '{{host}} answered {{status}} {{reason}}',
  'transport.httpDenied': '{{host}} did not accept the user name and password.',
  'transport.httpForbidden': '{{host}} knows you but does not let you do this ({{status}}).',
  'transport.httpNoCredentials':
    '{{host}} asks for a user name and password, and nobody gave one. Set up a credential helper: git config --global credential.helper …',
  'transport.httpNotFound': 'There is no repository at {{url}}, or you may not see it.',
  'transport.httpNotGit': '{{host}} answered, but not as a Git server does. Check the address.',
  'transport.httpFileUnreadable': '{{name}} names {{file}}, which cannot be read.',
  'transport.httpTooManyRedirects': '{{host}} keeps sending us elsewhere.',
  'transport.certificate':
    'The certificate of {{host}} cannot be trusted: {{reason}}. Name its authority in http.sslCAInfo.',

  // The protocol
  'transport.remoteSaid': 'The remote says: {{reason}}',
  'transport.protocol': '{{host}} spoke in a way Git does not: {{reason}}',
  'transport.sha256': 'The repository at {{host}} names its objects by SHA-256, which is not supported yet.',
  'transport.emptyAnswer': '{{host}} hung up before it said anything. {{reason}}',
  'transport.packDamaged': 'What {{host}} sent arrived damaged ({{reason}}). Nothing was kept; try again.',
  'transport.packMissingBase': 'What {{host}} sent builds on {{oid}}, which is not here. Nothing was kept.',
  'transport.missingTip': '{{host}} promised {{oid}} and did not send it. Nothing was kept.',

  // Clone, fetch, push
  'transport.notEmpty': '{{directory}} is not empty. Choose a folder that does not exist yet.',
  'transport.cannotWrite': '{{directory}} cannot be written: {{reason}}',
  'transport.unsafePath':
    'The repository holds a file called {{path}}, which cannot be written safely. Nothing was kept.',
  'transport.pathsCollide':
    'The repository holds {{path}} and {{other}}, which are one file on this disk. Nothing was kept.',

  // Phases of a transfer
  'transport.phaseConnecting': 'Connecting',
  'transport.phasePreparing': 'The remote prepares the objects',
  'transport.phaseReceiving': 'Receiving objects',
  'transport.phaseResolving': 'Resolving deltas',
  'transport.phaseCheckout': 'Writing files',
  'transport.phaseSending': 'Sending objects',
} as const
