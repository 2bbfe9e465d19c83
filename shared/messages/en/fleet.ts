export const fleet = {
  'fleet.fileUnreadable':
    '{{file}}:{{line}}:{{column}} cannot be read: {{reason}}. Correct it there; the rest of the workspace still loads.',
  'fleet.fileNotEdge':
    '{{file}}:{{line}}:{{column}} is neither an EdgeNode nor an EdgeService, so it is left out. Begin it with `apiVersion: pilothouse.dev/v1alpha1` and `kind: EdgeNode` or `kind: EdgeService`.',
  'fleet.fileUnknownKey': '{{file}}:{{line}}:{{column}} has the key {{key}}, which nobody knows. It is not read.',
  'fleet.fileUnknownKeyNear':
    '{{file}}:{{line}}:{{column}} has the key {{key}}, which nobody knows. Did you mean {{nearest}}?',
  'fleet.fileMissingKey':
    '{{file}}:{{line}}:{{column}} lacks {{key}}, so this document is left out. Expected: {{expected}}',
  'fleet.fileBadValue':
    '{{file}}:{{line}}:{{column}} has a value for {{key}} that does not fit, so this document is left out. Expected: {{expected}}',
  'fleet.fileOneOf':
    '{{file}}:{{line}}:{{column}} must have exactly one of {{keys}} in {{key}}, so this document is left out.',
  'fleet.fileNeedsDigest':
    '{{file}}:{{line}}:{{column}} fetches an artifact from an address without saying its sha256, so this document is left out. Add `sha256`, as `sha256sum FILE` prints it.',
  'fleet.fileNeedsCommand':
    '{{file}}:{{line}}:{{column}} unpacks an archive without saying which program in it is run, so this document is left out. Add `command`.',
  'fleet.filePriority':
    '{{file}}:{{line}}:{{column}}: the policies fifo and rr need a `priority`, and no other policy takes one. This document is left out.',
  'fleet.fileRepeatedName':
    '{{file}}:{{line}}:{{column}}: {{kind}} {{name}} is declared in {{otherFile}}:{{otherLine}} already. This one is left out; give it another name.',
} as const
