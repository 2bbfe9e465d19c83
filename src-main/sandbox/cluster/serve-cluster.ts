import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createNetServer, type Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { User } from './access.ts'
import { createAuthority } from './certificates.ts'
import type { AskMetrics } from './controllers/analysis-runs.ts'
import { deliveryControllers } from './controllers/deliveries.ts'
import { createNamespaceController } from './controllers/namespaces.ts'
import { workloadControllers } from './controllers/workloads.ts'
import { createFaultGate, type FaultSettings } from './faults.ts'
import { handleRequest, handleUpgrade, type Serving } from './handle-request.ts'
import { kubeconfigText, type Login } from './kubeconfig.ts'
import { createPages } from './list-objects.ts'
import type { Gates } from './load-tester.ts'
import { addNodes } from './nodes.ts'
import { createPodStreams } from './pod-streams.ts'
import { type Controller, createSimulation, type Simulation } from './simulation.ts'
import { type ClusterState, createState } from './state.ts'
import { createTime } from './time.ts'
import { createWatches } from './watch-objects.ts'

export type ClusterOptions = {
  /** Milliseconds since the epoch at which the cluster's clock stands still until `advance`; the system's when absent. */
  readonly startAt?: number
  /** Whether the delivery tools' kinds are installed; true when absent. */
  readonly customKinds?: boolean
  /** Nodes the cluster has, each of 4 cores and 16 GiB; 3 when absent. */
  readonly nodes?: number
  /**
   * Controllers beside those of workloads and deliveries; false: none at all, only garbage is collected and namespaces
   * end.
   */
  readonly controllers?: false | ((state: ClusterState) => readonly Controller[])
  /** What analyses measure with; nothing is ever found when absent. */
  readonly metrics?: AskMetrics
}

/** What can go wrong on demand. Settings are set to wish; each method happens once. */
export type Faults = FaultSettings & {
  /** Ends every open watch. */
  dropWatches(): void
  /** Forgets the history, pages to come and open watches: 410 for all of them. */
  expire(): void
  /** The port is closed and every connection with it, until started again on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Nothing comes through any more, and nobody is told: as a cable pulled. `mend` breaks what hung and lets new in. */
  cut(): void
  mend(): void
}

export type SandboxCluster = AsyncDisposable & {
  readonly url: string
  readonly state: ClusterState
  readonly simulation: Simulation
  readonly faults: Faults
  /** Number of open watches. */
  readonly watches: number
  /**
   * Writes a kubeconfig. Contexts: `sandbox` (may everything, by token), and with `all` also `sandbox-certificate` (the
   * same, by client certificate) and `developer` (by token, no rights until a RoleBinding gives some to that user).
   */
  writeKubeconfig(path: string, contexts?: 'one' | 'all'): Promise<void>
}

const administrator: User = { name: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] }
const developer: User = { name: 'developer', groups: ['developers', 'system:authenticated'] }

/** Starts a sandbox cluster's API server on a free port of the loopback interface, over TLS. */
export async function serveCluster(options: ClusterOptions = {}): Promise<SandboxCluster> {
  const time = createTime(options.startAt)
  const { now } = time
  const gate = createFaultGate()
  const state = createState(now, options.customKinds ?? true, () => gate.settings.denied)
  const { controllers = () => [] } = options
  const gates: Gates = new Set()
  const simulation = createSimulation(state, time, [
    createNamespaceController(state.kinds),
    ...(controllers === false
      ? []
      : [
          ...workloadControllers(),
          ...deliveryControllers(options.metrics ?? (() => []), gates),
          ...controllers(state),
        ]),
  ])
  addNodes(state, options.nodes ?? 3)
  if (options.startAt === undefined) simulation.run()
  const authority = createAuthority(Date.now())
  const own = authority.issueServer()
  const tokens = new Map<string, User>([administrator, developer].map(user => [randomBytes(24).toString('hex'), user]))
  const [adminToken, developerToken] = [...tokens.keys()] as [string, string]

  const watches = createWatches(state)
  const pages = createPages(state)
  const streams = createPodStreams(now, gates)
  let silent = false
  const serving: Serving = {
    state,
    pages,
    watches,
    gate,
    streams,
    isSilent: () => silent,
    userOf(request) {
      const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
      if (token !== undefined) return tokens.get(token) ?? null
      const socket = request.socket as TLSSocket
      if (!socket.authorized) return null
      const { CN, O } = socket.getPeerCertificate().subject
      const groups = O === undefined ? [] : Array.isArray(O) ? O : [O]
      return { name: String(CN), groups: [...groups, 'system:authenticated'] }
    },
  }
  const server = createHttpsServer(
    { key: own.key, cert: own.certificate, ca: authority.certificate, requestCert: true, rejectUnauthorized: false },
    (request, response) => void handleRequest(serving, request, response),
  )
  server.on('upgrade', (request, socket, head) => void handleUpgrade(serving, request, socket, head))
  server.on('tlsClientError', (_error, socket) => socket.destroy())

  // In front of TLS, so that a cut can let a connection hang that has not even begun.
  const sockets = new Set<Socket>()
  const front = createNetServer(socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    if (!silent) server.emit('connection', socket)
  })
  front.unref()
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      front.once('error', reject)
      front.listen(port, '127.0.0.1', () => {
        front.off('error', reject)
        resolve()
      })
    })
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
    watches.drop()
  }
  const stop = async () => {
    if (!front.listening) return
    const closed = new Promise(resolve => front.close(resolve))
    hangUp()
    await closed
  }
  await listen(0)
  const { port } = front.address() as AddressInfo
  const url = `https://127.0.0.1:${port}`

  return {
    url,
    state,
    simulation,
    get watches() {
      return watches.count
    },
    faults: Object.assign(gate.settings, {
      dropWatches: () => watches.drop(),
      expire() {
        state.store.compact()
        pages.forget()
        watches.expire()
      },
      stop,
      start: () => (front.listening ? Promise.resolve() : listen(port)),
      cut() {
        silent = true
      },
      mend() {
        silent = false
        hangUp()
      },
    }),
    async writeKubeconfig(path, contexts = 'one') {
      const logins: Login[] = [{ name: 'sandbox', token: adminToken }]
      if (contexts === 'all')
        logins.push(
          {
            name: 'sandbox-certificate',
            certified: authority.issueClient('certified-admin', ['system:masters']),
          },
          { name: 'developer', token: developerToken, namespace: 'default' },
        )
      await writeFile(path, kubeconfigText(url, authority.certificate, logins), { mode: 0o600 })
    },
    async [Symbol.asyncDispose]() {
      simulation.stop()
      streams.close()
      await stop()
      server.close()
    },
  }
}
