import type { EventEmitter } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { LiveObject } from '../../../shared/health/health.ts'
import { banner, createShell, isShell, splitWords } from './fake-shell.ts'
import { grpcServer, grpcServices } from './grpc-answers.ts'
import type { Gates } from './load-tester.ts'
import { answerAsPod } from './pod-answers.ts'
import { containerName } from './pod-container.ts'

const protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io']

/** The streams of a Pod over web sockets, in the protocols that API servers speak (`v4` and `v5.channel.k8s.io`). */
export function createPodStreams(now: () => number, gates: Gates) {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: asked => protocols.find(protocol => asked.has(protocol)) ?? false,
  })
  return {
    /** Takes an upgrade over; the caller has checked that it may be. */
    accept(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      pod: LiveObject,
      what: 'exec' | 'attach' | 'portforward',
      query: URLSearchParams,
    ): void {
      // Throws before the upgrade, so that a wrong name is an answer and no broken stream.
      const container = what === 'portforward' ? '' : containerName(pod, query.get('container'))
      sockets.handleUpgrade(request, socket, head, opened => {
        opened.on('error', () => opened.terminate())
        if (what === 'portforward')
          forward(
            opened,
            pod,
            query.getAll('ports').flatMap(list => list.split(',')),
          )
        else execute(opened, pod, container, what === 'attach' ? ['sh'] : query.getAll('command'), query, now, gates)
      })
    },
    close(): void {
      for (const each of sockets.clients) each.terminate()
      sockets.close()
    },
  }
}

const frame = (channel: number, bytes: Uint8Array | string) =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)])

function execute(
  socket: WebSocket,
  pod: LiveObject,
  container: string,
  command: readonly string[],
  query: URLSearchParams,
  now: () => number,
  gates: Gates,
): void {
  const shell = createShell(pod, container, now, gates)
  const terminal = query.get('tty') === 'true'
  const lineEnd = (text: string) => (terminal ? text.replaceAll('\n', '\r\n') : text)
  const out = (text: string) => text !== '' && socket.send(frame(1, lineEnd(text)))
  const error = (text: string) => text !== '' && socket.send(frame(terminal ? 1 : 2, lineEnd(text)))
  const end = (code: number) => {
    const status =
      code === 0
        ? { metadata: {}, status: 'Success' }
        : {
            metadata: {},
            status: 'Failure',
            message: `command terminated with non-zero exit code: exit status ${code}`,
            reason: 'NonZeroExitCode',
            details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
          }
    socket.send(frame(3, JSON.stringify(status)))
    socket.close(1000)
  }

  if (!isShell(command) || query.get('stdin') !== 'true') {
    if (command[0] === 'cat' && command.length === 1 && query.get('stdin') === 'true') {
      listen(socket, { input: bytes => socket.send(frame(1, bytes)), closed: () => end(0) })
      return
    }
    const { stdout, stderr, code } = shell.run(command)
    out(stdout)
    error(stderr)
    end(code)
    return
  }
  if (terminal) out(banner + shell.prompt)
  let line = ''
  const enter = (): boolean => {
    const words = splitWords(line)
    line = ''
    const { stdout, stderr, code } = shell.run([words.join(' ')])
    out(stdout)
    error(stderr)
    if (words[0] === 'exit') {
      end(code)
      return false
    }
    if (terminal) out(shell.prompt)
    return true
  }
  listen(socket, {
    input(bytes) {
      for (const char of Buffer.from(bytes).toString()) {
        if (char === '\r' || char === '\n') {
          if (terminal) out('\n')
          if (!enter()) return
        } else if (char === '\u0004') return end(0)
        else if (char === '\u0003') {
          line = ''
          out(`^C\n${shell.prompt}`)
        } else if (char === '\u007f') {
          if (line !== '' && terminal) out('\b \b')
          line = line.slice(0, -1)
        } else {
          line += char
          if (terminal) out(char)
        }
      }
    },
    closed() {
      if (line !== '' && !enter()) return
      end(0)
    },
  })
}

/** Standard input; its end is a message of its own from v5 on. Resizing changes nothing here. */
function listen(socket: WebSocket, to: { input(bytes: Uint8Array): void; closed(): void }): void {
  socket.on('message', (data: Buffer) => {
    if (socket.readyState !== socket.OPEN) return
    if (data[0] === 0) to.input(data.subarray(1))
    else if (data[0] === 255 && data[1] === 0) to.closed()
  })
}

/** Each port has a channel for data and one for errors; each begins with the port's number. */
function forward(socket: WebSocket, pod: LiveObject, ports: readonly string[]): void {
  const serverOf = (port: number): EventEmitter => {
    const services = grpcServices(pod, port)
    if (services) return grpcServer(pod, services)
    return createServer((request, response) => {
      const { status, contentType, body } = answerAsPod(pod, request.url ?? '/')
      response.writeHead(status, { 'content-type': contentType })
      response.end(body)
    })
  }
  const streams = ports.map((port, index) => {
    const number = Buffer.alloc(2)
    number.writeUInt16LE(Number(port))
    socket.send(frame(index * 2, number))
    socket.send(frame(index * 2 + 1, number))
    const stream = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        if (socket.readyState === socket.OPEN) socket.send(frame(index * 2, chunk), () => done())
        else done()
      },
    })
    stream.on('error', () => stream.destroy())
    serverOf(Number(port)).emit('connection', stream)
    return stream
  })
  socket.on('message', (data: Buffer) => {
    streams[(data[0] ?? 0) / 2]?.push(data.subarray(1))
  })
  socket.on('close', () => {
    for (const stream of streams) stream.destroy()
  })
}
