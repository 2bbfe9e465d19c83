export const error = {
  'error.cancelled': 'Cancelled',
  'error.unexpected': 'Something went wrong inside the app. The log holds the details; please report it.',
  'error.connectionLost': 'The connection to the app was lost. Reconnecting…',
  'error.wrongInput': 'Wrong input for {{method}}: {{issues}}',
  'error.noSuchMethod': 'The app has no {{method}}.',
} as const
