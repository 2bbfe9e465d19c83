export const topology = {
  'topology.brokenFile': '{{file}}:{{line}}:{{column}} cannot be read: {{reason}}. Fix it there; the rest still loads.',
  'topology.templateNeedsRendering': '{{file}} is a Helm template: it has to be rendered before it declares anything.',
  'topology.duplicateResource':
    '{{kind}} {{name}} is declared twice: here and at {{otherFile}}:{{otherLine}}. Only the first one is drawn.',
  'topology.selectorSelectsNothing':
    '{{kind}} {{name}} selects {{selector}}, and no Pod of this environment carries that.',
  'topology.selectorSelectsNothingNear':
    '{{kind}} {{name}} selects {{selector}}, and no Pod of this environment carries that. Did you mean {{nearest}}?',
  'topology.autoscalerTargetMissing':
    'HorizontalPodAutoscaler {{name}} scales {{targetKind}} {{target}}, which this environment does not declare.',
  'topology.danglingReference':
    '{{node}} names {{host}} ({{where}}), and nothing in this environment answers to that name.',
  'topology.danglingReferenceNear':
    '{{node}} names {{host}} ({{where}}), and nothing in this environment answers to that name. Did you mean {{nearest}}?',
  'topology.danglingReferenceOtherNamespace':
    '{{node}} names {{host}} ({{where}}), which exists only in another namespace. Write {{nearest}}.',
  'topology.danglingRoute': '{{node}} routes to {{host}}, and nothing in this environment answers to that name.',
  'topology.danglingRouteNear':
    '{{node}} routes to {{host}}, and nothing in this environment answers to that name. Did you mean {{nearest}}?',
  'topology.portMismatch': '{{node}} calls {{host}} on port {{port}}, but Service {{service}} offers {{offered}}.',
  'topology.targetPortMismatch':
    'Service {{service}} sends to port {{port}}, but the containers of {{node}} declare {{offered}}.',
  'topology.orphan': '{{node}} calls nothing and nothing is seen to call it.',
  'topology.gateRemovalWhileCalled':
    '{{service}} would be gone, and {{callers}} would still call it. Rewire them first, or say why it may go.',
  'topology.gateBrokenFile':
    '{{file}}:{{line}}:{{column}} could not be read after this change: {{reason}}. Correct it before committing.',
  'topology.gateScaleToZeroWhileCalled': '{{service}} would run no replica, and {{callers}} would still call it.',
  'topology.gateLooseImage':
    '{{service}} would run {{image}}, which does not say a version: what ran could not be told later. Give a tag or a digest.',
  'topology.workspaceUnknownName':
    '{{file}}:{{line}} speaks of {{name}}, and nothing in this environment has that name.',
  'topology.workspaceUnknownNameNear':
    '{{file}}:{{line}} speaks of {{name}}, and nothing in this environment has that name. Did you mean {{nearest}}?',
  'topology.sourceDeclared': '{{folder}}, as {{file}} says.',
  'topology.sourceBuilt': '{{folder}}, from which {{file}}:{{line}} builds {{image}}.',
  'topology.sourceNamedAsImage': '{{folder}}, which is called like the image {{image}}.',
  'topology.sourceNamedAsWorkload': '{{folder}}, which is called like {{workload}}.',
  'topology.sourceModule': '{{folder}}, which {{file}}:{{line}} calls {{image}}.',
  'topology.sourceFolder': 'Source',
  'topology.endpoints': 'Endpoints',
} as const
