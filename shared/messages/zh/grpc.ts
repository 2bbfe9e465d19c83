import type { grpc as en } from '../en/grpc.ts'

export const grpc: Record<keyof typeof en, string> = {
  'grpc.serving': '{{question}} 返回 SERVING:一切正常。',
  'grpc.notServing': '{{question}} 返回 NOT_SERVING:它在运行,但不接受调用。',
  'grpc.unknown': '{{question}} 返回 UNKNOWN:它自己也不知道状况如何。',
  'grpc.serviceUnknown': '{{question}} 不认识服务“{{service}}”:其状况无从知晓。',
  'grpc.unimplemented': '{{question}} 返回 UNIMPLEMENTED:那里有程序使用 gRPC,但没有健康服务,所知仅此而已。',
  'grpc.unavailable': '{{question}} 返回 UNAVAILABLE:{{reason}}',
  'grpc.deadline': '{{question}} 在得到答复前放弃了。{{reason}}',
  'grpc.refused': '{{question}} 只把健康状况告诉它认识的调用者。{{reason}}',
  'grpc.failed': '{{question}} 返回 gRPC 状态 {{code}}。{{reason}}',
  'grpc.noGrpc': '{{what}} 有应答,但不使用 gRPC:{{reason}}',
  'grpc.silent': '{{what}} 接受了调用,但在 {{seconds}} 秒内没有应答。',
  'grpc.noPort': '{{what}} 通过端口 {{port}} 询问,而其 Pod 没有命名该端口。',
}
