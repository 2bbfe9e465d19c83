export const app = {
  'app.lineRefused': 'This page is no longer known to the app. Open the address that the app printed when it started.',
  'app.lineUnreachable': 'The app does not answer. Is it still running?',
  'app.commandNotSent': 'This was not sent, because the connection to the app is lost. Try again when it is back.',
  'app.groupHere': 'On this screen',
} as const
