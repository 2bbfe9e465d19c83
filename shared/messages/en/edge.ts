export const edge = {
  'edge.argumentWithNul': 'An argument of a command holds a NUL, which no program can be given.',
  'edge.noSftp':
    '{{host}} offers no file transfer (SFTP). Install its SFTP server, such as the package openssh-sftp-server.',
  'edge.noTerminal': '{{host}} gives nobody a terminal here: {{reason}}',
  'edge.fileMissing': 'There is no {{path}} on {{host}}.',
  'edge.fileDenied':
    '{{user}} may not read {{path}}. Give that user the right, or look at it with sudo in the terminal.',
  'edge.fileFailed': '{{path}} cannot be read: {{reason}}',
  'edge.sandboxNeedsShell': 'Sandbox nodes need a POSIX shell on this machine, so there are none on Windows.',
  'edge.tooMuch': '{{host}} sent more than {{kilobytes}} kB for one answer, so it was not read to its end.',
  'edge.scriptTimeout':
    '{{host}} took a connection and did not answer within {{seconds}} s. It may be overloaded, or its disk may be failing.',
  'edge.noShell':
    '{{host}} answered, but no POSIX shell did: nothing can be asked of it. Give the user a shell such as /bin/sh.',
} as const
