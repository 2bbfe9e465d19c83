export const draft = {
  'draft.conflict':
    'The branch changed {{field}} to {{theirs}} since this edit was made, which sets it to {{ours}}. Make the edit again to keep yours, or take it out.',
  'draft.unreadable':
    'The draft of this workspace could not be read and was put aside as {{name}} in the data folder; a new one was begun.',
  'draft.nothingToCommit': 'The draft changes nothing, so there is nothing to commit.',
  'draft.noIdentity':
    'Git does not know who you are. Set it with `git config user.name "Your Name"` and `git config user.email you@example.org`.',
  'draft.noBranch':
    'No branch is checked out. Commit to a new branch (on the command line: `--branch NAME`), or run `git switch` first.',
  'draft.remoteElsewhere':
    'The branch {{branch}} of {{remote}} holds commits that this clone does not get from there. Fetch and merge them with Git first.',
  'draft.remoteHasBranch': 'The remote already has a branch {{branch}}.',
  'draft.branchExists': 'There is a branch {{branch}} already. Choose another name.',
  'draft.tooManyRaces': 'The branch moved {{count}} times while committing. Try again.',
  'draft.nothingToRevert':
    '“{{title}}” ({{commit}}) changed nothing but its record: there is nothing to take back. Record a new decision that supersedes it.',
  'draft.cannotRevertFile':
    '{{file}} is no text: what was done to it cannot be taken back here. Use git revert for this commit.',
  'draft.revertTitle': 'revert: {{title}}',
} as const
