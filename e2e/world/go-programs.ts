const mod = (grpc: string, net: string): string =>
  `module example.com/shop\ngo 1.24\nrequire google.golang.org/grpc ${grpc}\nrequire golang.org/x/net ${net} // indirect\n`
const graph = (grpc: string, net: string): string =>
  `example.com/shop google.golang.org/grpc@${grpc}\ngoogle.golang.org/grpc@${grpc} golang.org/x/net@${net}\n`
/** A program in Go: which gRPC it asks for, and which network library that drags in. */
export const goProgram = (folder: string, grpc: string, net: string) => ({
  [`${folder}/go.mod`]: mod(grpc, net),
  [`${folder}/go.graph`]: graph(grpc, net),
  [`${folder}/main.go`]: 'package main\n',
})
