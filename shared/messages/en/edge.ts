export const edge = {
  'edge.argumentWithNul': 'An argument of a command holds a NUL, which no program can be given.',
  'edge.noSftp':
    '{{host}} offers no file transfer (SFTP). Install its SFTP server, such as the package openssh-sftp-server.',
  'edge.noTerminal': '{{host}} gives nobody a terminal here: {{reason}}',
  'edge.fileMissing': 'There is no {{path}} on {{host}}.',
  'edge.fileDenied':
    '{{user}} may not read {{path}}. Give that user the right, or look at it with sudo in the terminal.',
  'edge.fileFailed': '{{path}} cannot be read: {{reason}}',
} as const
