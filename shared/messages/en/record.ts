/** Records: what they touched, how they speak of each other, writing them, taking them elsewhere. */
export const record = {
  'record.termService': 'a service, whole',
  'record.termAuthor': 'part of a name or address',
  'record.termRule': 'a rule of the gate that spoke',
  'record.termDependency': 'what it moved: grpc or grpc@1.70.0',
  'record.termNode': 'a machine it placed something on',
  'record.termField': 'a field it touched: spec.replicas or replicas',
  'record.termAfter': 'this day and later: 2026-01-31',
  'record.termBefore': 'this day and earlier: 2026-12-31',
  'record.flagRule': 'decisions at whose gate this rule spoke',
  'record.flagDependency': 'what moved this dependency, to or from this version where one is named',
  'record.flagNode': 'what placed something on this machine or took it away',
  'record.flagField': 'what touched this field: spec.replicas, or replicas anywhere',
} as const
