export const git = {
  'git.objectMissing':
    'Git object {{oid}} is not in this clone ({{directory}}). The clone is incomplete or damaged: run `git fsck`, then `git fetch` from a complete remote.',
  'git.promisedObjectMissing':
    'Git object {{oid}} has not been downloaded: this is a partial clone. Run `git fetch` (or `git cat-file -p {{oid}}`) in it once, or clone without --filter.',
  'git.objectDamaged':
    'Git object {{oid}} in {{directory}} is damaged. Run `git fsck` and fetch it again from a good remote.',
} as const
