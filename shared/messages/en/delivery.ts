export const delivery = {
  'delivery.protected':
    '{{environment}} is protected. Type its name to change it; on the command line: --confirm {{environment}}.',
} as const
