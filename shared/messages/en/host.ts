export const host = {
  'host.noFolderDialog': 'This shell has no folder dialog. Type or browse to the folder instead.',
} as const
