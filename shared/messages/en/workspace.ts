export const workspace = {
  'workspace.notOpen': 'This workspace is not known here. Open its folder again.',
  'workspace.folderUnreadable': '{{directory}} cannot be listed. Check that it exists and that you may read it.',
  'workspace.noEnvironment': 'There is no environment or folder `{{environment}}` here. Environments found: {{known}}.',
  'workspace.noEnvironments':
    'There is no environment or folder `{{environment}}` here, nor any other: no Kubernetes manifest is committed.',
  'workspace.noRemote': 'This workspace has no remote to push to. Add one with `git remote add origin URL`.',
  'workspace.detached': 'No branch is checked out, so there is nothing to push or update. Switch to a branch first.',
  'workspace.divergedByOthers':
    'The branch and {{upstream}} have both moved, and {{commit}} ({{subject}}) was not made by Pilothouse, so it cannot be replayed. Merge or rebase with Git, then push.',
  'workspace.divergedConflict':
    'The decision “{{title}}” waits here and changes {{field}}, which {{upstream}} has changed as well. Merge or rebase with Git, or take the decision back.',
  'workspace.divergedBlocked': 'On what {{upstream}} holds now, the gate blocks the waiting decision “{{title}}”.',
  'workspace.pushRefused': 'The remote refused: {{reason}}',
  'workspace.dirty':
    'These files have changes that are not committed: {{files}}. Commit or put them aside with Git first.',
  'workspace.fileUnreadable':
    '{{file}}:{{line}}:{{column}} cannot be read: {{reason}}. Correct it there; the rest of the workspace still loads.',
  'workspace.fileSecondDocument':
    '{{file}}:{{line}}:{{column}} begins a second document, which is not read. Put everything into the first one.',
  'workspace.fileNotAWorkspace':
    '{{file}}:{{line}}:{{column}} is no workspace: it begins with `apiVersion: {{expected}}` and `kind: Workspace`.',
  'workspace.fileUnknownKey': '{{file}}:{{line}}:{{column}} has the key {{key}}, which nobody knows. It is not read.',
  'workspace.fileUnknownKeyNear':
    '{{file}}:{{line}}:{{column}} has the key {{key}}, which nobody knows. Did you mean {{nearest}}?',
  'workspace.fileMissingKey': '{{file}}:{{line}}:{{column}} lacks {{key}}, so this entry is left out. Add it.',
  'workspace.fileBadValue':
    '{{file}}:{{line}}:{{column}} has a value for {{key}} that does not fit. Expected: {{expected}}. It is left out.',
} as const
