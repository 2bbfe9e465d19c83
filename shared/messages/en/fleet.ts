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
  'fleet.artifactOutside': '{{path}} leads out of the workspace. Put the artifact inside, or name it by url.',
  'fleet.artifactMissing': 'The artifact {{path}} is not there. Build it, or correct its path in .pilothouse/edge.',
  'fleet.artifactUnreachable': '{{url}} cannot be fetched: {{reason}}',
  'fleet.artifactDiffers':
    '{{artifact}} is not what is declared: its SHA-256 is {{actual}}, declared is {{declared}}. Nothing was sent. Declare the new one if it is meant.',
  'fleet.noSystemd':
    '{{node}} does not run systemd, so a release could be neither started nor put back there. Nothing was sent.',
  'fleet.otherMachine':
    '{{node}} is declared as {{declared}} in {{file}}:{{line}} and says that it is {{actual}}. Nothing was sent. Correct the declaration, or check that this is the machine you mean.',
  'fleet.wrongArchitecture':
    '{{path}} is made for {{made}}, and {{node}} is {{machine}}. Nothing was sent. Build it for this node.',
  'fleet.noRuntime':
    '{{node}} has neither podman nor docker to run an image. Install one, or name the artifact by path or url.',
  'fleet.noTool': '{{node}} lacks {{tool}}. Install it there.',
  'fleet.noSudo':
    '{{user}} may not run commands as root on {{node}} without a password. Allow it: `{{user}} ALL=(root) NOPASSWD: /bin/sh` in /etc/sudoers.d, or sign in as root.',
  'fleet.readOnly':
    '{{path}} on {{node}} is on a file system that cannot be written. Nothing was changed. Mount it for writing.',
  'fleet.denied': '{{path}} on {{node}} may not be written. Nothing was changed.',
  'fleet.diskFull':
    'The disk of {{node}} is full: {{path}} could not be written. Nothing was changed. Make room there.',
  'fleet.diskTooSmall':
    '{{node}} has {{free}} kB left for {{path}}, and {{needed}} kB are needed. Nothing was sent. Make room, or keep fewer releases (`keep`).',
  'fleet.notArmed':
    '{{node}} could not arm the timer that puts the old release back ({{reason}}), so nothing was switched.',
  'fleet.tooLate': 'The confirmation reached {{node}} too late: the release that ran before was put back. Apply again.',
  'fleet.wrongDigest': 'What arrived on {{node}} is not what was sent ({{reason}}). Nothing was switched.',
  'fleet.pullFailed': '{{node}} could not pull the image: {{reason}}',
  'fleet.keepsMoving': 'Somebody else is changing the same release on {{node}}. Apply again when that is done.',
  'fleet.stepFailed': '{{step}} failed on {{node}}: {{reason}}',
  'fleet.nothingMeasured':
    'Nothing on {{node}} can measure scheduling latency: neither cyclictest nor /proc/PID/schedstat is there.',
  'fleet.whyNoStart': '{{service}} could not be started ({{result}}, status {{status}}).',
  'fleet.whyExit': '{{service}} ended by itself ({{result}}, status {{status}}).',
  'fleet.whyUnhealthy': '{{service}} runs, but its {{probe}} check did not pass within {{timeout}}.',
  'fleet.latencyBroken': 'Scheduling latency {{what}} is {{measured}} µs; {{promised}} µs are promised.',
  'fleet.notePending': 'A change to {{digest}} waits there for its confirmation.',
  'fleet.noteReverted': 'This release was tried at {{at}} and put back: {{reason}}.',
  'fleet.noteLittleSpace': 'It needs about {{needed}} kB there, and {{free}} kB are left.',
  'fleet.stopFailures': 'Stopped at {{failed}} failed nodes (the limit is {{limit}}): {{nodes}}.',
  'fleet.declaredOtherwise': '{{service}} is declared otherwise by now. Apply again to roll out what is declared.',
  'fleet.noSuchService': 'There is no EdgeService {{service}} in .pilothouse/edge.',
  'fleet.noSuchNode': 'There is no EdgeNode {{node}} in .pilothouse/edge. Nodes: {{known}}.',
  'fleet.noSuchRollout': 'This rollout is not known any more.',
  'fleet.protectedNodes': 'These nodes are protected: {{nodes}}. Confirm each by its name to change what runs there.',
  'fleet.importedNothing':
    '{{sources}} names no node: no SSH alias, Ansible host, address or network (of at most 1024 addresses).',
  'fleet.notAnImage':
    '{{service}} is no image: its program comes from a path or an address. Change `spec.artifact` and `spec.version` instead.',
  'fleet.undeclared': '{{node}} has {{services}}, which nothing declares there. It is left alone.',
  'fleet.aboutPlan': 'What edge nodes have against what is declared; nothing is changed',
  'fleet.aboutApply': 'Brings edge nodes to what is declared, ring by ring, and waits for the end',
  'fleet.aboutImport':
    'EdgeNodes from an SSH configuration, an Ansible inventory or networks, as a patch or a decision',
  'fleet.flagService': 'Only this EdgeService',
  'fleet.flagNode': 'Only this EdgeNode; may be given several times',
  'fleet.flagConfirm': 'Name of a protected node that may be changed; may be given several times',
  'fleet.state-waiting': 'not begun',
  'fleet.state-applying': 'being applied',
  'fleet.state-applied': 'applied',
  'fleet.state-unchanged': 'unchanged',
  'fleet.state-reverted': 'put back',
  'fleet.state-refused': 'refused',
  'fleet.state-failed': 'failed',
  'fleet.state-unreachable': 'unreachable',
} as const
