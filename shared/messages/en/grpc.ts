/** gRPC's own health protocol, asked of a Pod. */
export const grpc = {
  'grpc.serving': '{{question}} says SERVING: it is well.',
  'grpc.notServing': '{{question}} says NOT_SERVING: it is up and takes no calls.',
  'grpc.unknown': '{{question}} says UNKNOWN: it does not know itself how it does.',
  'grpc.serviceUnknown': '{{question}} knows no service “{{service}}”: how that does is not known.',
  'grpc.unimplemented':
    '{{question}} answers UNIMPLEMENTED: something speaks gRPC there and has no health service, and that is all that is known.',
  'grpc.unavailable': '{{question}} answers UNAVAILABLE: {{reason}}',
  'grpc.deadline': '{{question}} gave up before it had an answer. {{reason}}',
  'grpc.refused': '{{question}} tells its health only to those it knows. {{reason}}',
  'grpc.failed': '{{question}} answers with gRPC status {{code}}. {{reason}}',
  'grpc.noGrpc': '{{what}} answers, and does not speak gRPC: {{reason}}',
  'grpc.silent': '{{what}} took the call and did not answer within {{seconds}} s.',
  'grpc.noPort': '{{what}} is asked on the port {{port}}, which its Pod does not name.',
} as const
