export const git = {
  'git.objectMissing':
    'Git object {{oid}} is not in this clone ({{directory}}). The clone is incomplete or damaged: run `git fsck`, then `git fetch` from a complete remote.',
  'git.promisedObjectMissing':
    'Git object {{oid}} has not been downloaded: this is a partial clone. `git cat-file -p {{oid}}` brings this one, `git fetch --refetch --no-filter` all of them.',
  'git.objectDamaged':
    'Git object {{oid}} in {{directory}} is damaged. Run `git fsck` and fetch it again from a good remote.',
  'git.notACommit': 'Git object {{oid}} is a {{type}}, not a commit.',
  'git.notAFile': 'Git object {{oid}} is a {{type}}, not a file.',
  'git.noSuchFolder': 'There is no folder {{directory}}.',
  'git.noRepository':
    '{{directory}} is not in a Git repository. Open a clone, or make one with `git init` or `git clone`.',
  'git.brokenGitFile': '{{file}} should name a Git directory (“gitdir: …”) and does not. Restore it, or clone again.',
  'git.gitFileLeadsNowhere':
    '{{file}} names {{target}}, which is no Git directory. Run `git worktree repair` in the main work tree, or `git submodule update --init`.',
  'git.sha256Unsupported':
    '{{directory}} uses SHA-256 object names, which Pilothouse cannot read. Nothing was changed. Use a clone with SHA-1 names (`git init --object-format=sha1`).',
  'git.reftableUnsupported':
    '{{directory}} keeps its branches in the reftable format, which Pilothouse cannot read. Nothing was changed. Convert it with `git refs migrate --ref-format=files`.',
  'git.formatUnsupported':
    '{{directory}} needs a Git feature that Pilothouse does not know ({{feature}}). Nothing was changed. Use system git for this clone, or clone it again without that feature.',
  'git.notTrusted':
    '{{directory}} belongs to another user of this machine, and its configuration can start programs. If you trust it, run `git config --global --add safe.directory {{directory}}`.',
  'git.configBroken': 'Git’s configuration is broken in {{file}}, line {{line}}. Correct that line.',
  'git.configIncludesTooDeep': 'Git’s configuration includes {{file}} in a circle. Remove one of the includes.',
  'git.configNotBoolean': 'Git’s configuration says {{key}} = {{value}}, which is neither true nor false.',
  'git.refBroken':
    'The Git reference {{ref}} is broken. See `git fsck`; its last good value is in `git reflog show {{ref}}`.',
  'git.refIsSymbolic': '{{ref}} is an alias of {{target}}. Move that branch instead.',
  'git.badRefName': '“{{name}}” is not a name Git allows for a branch.',
  'git.refNameTaken': '{{name}} cannot exist beside {{other}}. Choose another name.',
  'git.branchExists': 'There is a branch {{branch}} already. Choose another name.',
  'git.noSuchBranch': 'There is no branch {{branch}}.',
  'git.branchCheckedOutElsewhere':
    'The branch {{branch}} is in use in another work tree, {{directory}}. Commit to a new branch, or open that folder.',
  'git.pushToWhich':
    'The branch {{branch}} follows {{followed}}, which has another name, so it is not clear where a push should go. Nothing was written. `git branch --unset-upstream` lets it go to {{branch}}, `git config push.default upstream` to {{followed}}.',
  'git.headMoved': 'Another program switched the branch meanwhile. Nothing was changed; try again.',
  'git.bareCannotSwitch': 'A bare repository has no files to switch to another branch.',
  'git.locked':
    'Another Git command is at work in this clone ({{file}} exists). Try again when it has ended; if none is running, remove that file.',
  'git.staleLock': 'A Pilothouse that was ended left {{file}} behind. Open the clone again to put that right.',
  'git.lockStolen':
    '{{file}} was removed by another program while Pilothouse was writing. Run `git status`, then try again.',
  'git.notWritable': '{{file}} cannot be written. Check the permissions of this clone.',
  'git.indexDamaged': '{{file}} is damaged. Move it away and run `git reset` to build it again.',
  'git.workTreeNotUpdated':
    'The commit is on {{ref}}, but the files in the work tree could not all be brought along ({{reason}}). Remove the cause and open the clone again; Pilothouse then finishes it.',
  'git.unsafePath':
    '“{{path}}” is not a path that may be written: it could reach outside of the work tree or into .git.',
  'git.pathIsFolder': '{{path}} is a folder.',
  'git.pathIsFile': '{{path}} is a file, so nothing can be below it.',
  'git.pathIsSubmodule': '{{path}} is a submodule. Change it in its own repository.',
  'git.pathInSubmodule': '{{path}} is a submodule. Open its own repository to change files in it.',
  'git.pathIsSymlink': '{{path}} is a symbolic link. Edit the file it leads to.',
  'git.pathThroughSymlink':
    '{{path}} is a symbolic link; Pilothouse never writes through one. Edit the file where it really is.',
  'git.pathIsLfs':
    '{{path}} is kept by Git LFS, and Pilothouse leaves such files as they are. Edit it in an editor and commit it with git.',
  'git.pathHasFilter':
    '.gitattributes converts {{path}} ({{filter}}), which Pilothouse does not do. Edit it in an editor and commit it with git.',
  'git.cannotConvertFile':
    '{{path}} has to be converted for the work tree ({{filter}}), which Pilothouse does not do. Use `git pull` or `git switch` for this step, or commit to a new branch. Nothing was changed.',
  'git.nothingToRemove': 'There is no file {{path}} to remove.',
  'git.nameDiffersInCase':
    '{{path}} differs from {{other}} only in upper and lower case, and this file system cannot hold both.',
  'git.noIdentity':
    'Git does not know who you are. Run `git config --global user.name "Your Name"` and `git config --global user.email you@example.com`.',
  'git.badMessage': 'A commit message must not be empty, and must be text.',
  'git.unknownSigningFormat':
    'Git’s configuration asks for signatures in the format “{{format}}”, which is unknown. Set gpg.format to ssh, openpgp or x509.',
  'git.noSigningKey': 'Commits are to be signed, but no key is set. Run `git config --global user.signingkey …`.',
  'git.signerNotFound':
    'The commit was not made: {{program}}, which signs commits, could not be started. Install it, or correct gpg.program in Git’s configuration.',
  'git.signingFailed': 'The commit was not made: {{program}} could not sign it ({{reason}}).',
  'git.limitBare': 'A bare repository: decisions move the branch, and there are no files to update.',
  'git.limitUnborn': 'This branch has no commit yet; the first decision makes one.',
  'git.limitDetached': 'No branch is checked out (detached HEAD). Commit to a new branch, or run `git switch` first.',
  'git.limitDirty':
    'Some files have changes that are not committed. They stay as they are; a decision that touches one of them is refused until it is committed or stashed, or goes to a new branch.',
  'git.limitShallow': 'A shallow clone: history ends where it was cut. `git fetch --unshallow` gets the rest.',
  'git.limitSubmodules': 'Submodules are kept as they are; their files belong to their own repositories.',
  'git.limitLfs': 'Files kept by Git LFS are shown as pointers and are not changed here.',
  'git.limitSparse': 'A sparse checkout: files outside of it are read and changed in Git, and not written to disk.',
  'git.limitSparseIndex':
    'This clone uses a sparse index, which Pilothouse cannot update. Commit to a new branch, or run `git sparse-checkout reapply --no-sparse-index`.',
  'git.limitSplitIndex':
    'This clone uses a split index, which Pilothouse cannot update. Commit to a new branch, or run `git update-index --no-split-index`.',
  'git.limitIndexV4':
    'This clone uses index version 4, which Pilothouse cannot update. Commit to a new branch, or run `git update-index --index-version 2`.',
  'git.limitLinkedWorktree': 'A linked work tree of {{directory}}: branches are shared, each can be checked out once.',
  'git.limitAlternates': 'Some objects are read from another clone ({{directory}}); keep it where it is.',
  'git.limitPartialClone': 'A partial clone: what was not downloaded cannot be shown until git fetches it.',
  'git.limitHooks':
    'Hooks of this clone are not run on decisions: {{hooks}}. Have CI check what they check (`pilothouse gate` judges there as here).',
  'git.limitMergeInProgress':
    'A {{operation}} is in progress in this clone. Finish it (or `git {{operation}} --abort`), or commit to a new branch.',
} as const
