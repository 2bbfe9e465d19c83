export const sandbox = {
  'sandbox.notMade':
    'The decision “{{title}}” of the sandbox could not be made ({{outcome}}). The sandbox is incomplete.',
  'sandbox.walkPushed':
    'Decided on {{image}}, committed {{commit}} and pushed it; the sandbox’s Argo CD takes it from there',
  'sandbox.walkCanary':
    'The canary of {{service}} gets {{weight}} % of the calls (step {{step}} of {{steps}}); it is measured before it gets more',
} as const
