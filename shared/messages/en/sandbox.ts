export const sandbox = {
  'sandbox.notMade':
    'The decision “{{title}}” of the sandbox could not be made ({{outcome}}). The sandbox is incomplete.',
} as const
