export const error = {
  'error.cancelled': 'Cancelled',
  'error.unexpected': 'Something went wrong inside the app. The log holds the details; please report it.',
  'error.connectionLost': 'The connection to the app was lost. Reconnecting…',
  'error.wrongInput': 'Wrong input for {{method}}: {{issues}}',
  'error.noSuchMethod': 'The app has no {{method}}.',
  'error.documentUnreadable': '{{file}} cannot be read ({{reason}}). Check its permissions.',
  'error.documentBroken': '{{file}} is not valid JSON ({{reason}}). Repair it, or delete it to start afresh.',
  'error.documentUnwritable':
    '{{file}} cannot be written ({{reason}}). Check the free space and the permissions of its folder.',
  'error.noFolderDialog': 'There is no folder dialog here. Type the path of the folder instead.',
  'error.noBrowser': 'There is no browser here to open it with. Open this address yourself: {{url}}',
  'error.badAddress': 'Only web addresses (http and https) are opened, and this is none: {{url}}',
  'error.pageNeedsToken':
    'This page needs its one-time address. Open the address that `pilothouse serve` printed; when it has been used already, press Enter in that terminal for a new one, or start it again.',
  'error.pageFromElsewhere': 'Refused: the request came from another site.',
  'error.pageWrongHost': 'Refused: this server answers only to 127.0.0.1 and localhost.',
  'error.portInUse': 'Port {{port}} is in use. Give another with --port, or leave it out to take any free one.',
  'error.portRefused': 'Port {{port}} cannot be listened on ({{reason}}). Give another with --port.',
} as const
