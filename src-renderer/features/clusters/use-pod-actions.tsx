import { Cable, FileText, ScrollText, SquareTerminal } from 'lucide-react'
import type { Access, ContextView, PodAction } from '../../../shared/clusters/contract.ts'
import type { LivePod } from '../../../shared/live/live.ts'
import { useApi, useQuery } from '../../connection/index.ts'
import { type MenuItem, useSay, useText } from '../../design/index.ts'
import { useRightWords } from './missing-rights.tsx'
import { toolId, useOpenTools } from './open-tools.ts'

/** Opens the logs of Pods of one namespace; the first twenty, where there are more. */
export function useOpenLogs(context: ContextView) {
  const text = useText()
  const { open } = useOpenTools.getState()
  return (title: string, pods: readonly LivePod[]) => {
    const [first] = pods
    if (!first) return
    const named = pods
      .filter(({ namespace }) => namespace === first.namespace)
      .slice(0, 20)
      .map(pod => {
        const container = mainOf(pod)
        return { name: pod.name, ...(container !== undefined && { container }) }
      })
    open({
      kind: 'logs',
      id: toolId('logs', context.name, first.namespace, title),
      title: text('live.logsOf', { name: title }),
      context: context.name,
      namespace: first.namespace,
      sandbox: context.sandbox,
      pods: named,
    })
  }
}
/** A sidecar is seldom what somebody wants to read. */
const mainOf = (pod: LivePod): string | undefined => {
  const own = pod.containers.filter(({ init }) => !init)
  return (
    own.find(({ name }) => !/^(istio-proxy|linkerd-proxy|daprd|envoy|cloud-sql-proxy|vault-agent)$/.test(name)) ??
    own[0]
  )?.name
}

/** What may be done in a namespace; null until the cluster has said. */
export function useAccess(context: string, namespace: string, wanted: boolean): readonly Access[] | null {
  const api = useApi()
  return useQuery(api.clusters.access, { context, namespace }, { skip: !wanted }).value
}

/** What can be done with a Pod; what cannot says which right is missing, or which mark of the context forbids it. */
export function usePodActions(
  context: ContextView,
  access: readonly Access[] | null,
  onForward: (pod: LivePod) => void,
): (pod: LivePod) => readonly MenuItem[] {
  const text = useText()
  const say = useSay()
  const words = useRightWords()
  const openLogs = useOpenLogs(context)
  const { open } = useOpenTools.getState()
  const without = (action: PodAction): { disabledReason: string } | undefined => {
    const known = access?.find(each => each.action === action)
    if (!known) return undefined
    if (known.refused) return { disabledReason: say(known.refused) }
    return known.allowed ? undefined : { disabledReason: text('live.missingRight', { right: words(known.right) }) }
  }
  return pod => {
    const at = { context: context.name, namespace: pod.namespace, sandbox: context.sandbox }
    const main = mainOf(pod)
    const own = pod.containers.filter(({ init }) => !init).map(({ name }) => name)
    return [
      { label: text('live.logs'), icon: ScrollText, run: () => openLogs(pod.name, [pod]), ...without('logs') },
      {
        label: text('live.terminal'),
        icon: SquareTerminal,
        run: () =>
          open({
            ...at,
            kind: 'terminal',
            id: toolId('terminal', context.name, pod.key),
            title: text('live.terminalOf', { pod: pod.name }),
            pod: pod.name,
            containers: main === undefined ? own : [main, ...own.filter(name => name !== main)],
          }),
        ...without('exec'),
      },
      { label: text('live.forward'), icon: Cable, run: () => onForward(pod), ...without('forward') },
      {
        label: text('live.describe'),
        icon: FileText,
        run: () => openDescribe(context, '', 'Pod', pod.namespace, pod.name),
      },
    ]
  }
}

/** Shows one object at the bottom. */
export function openDescribe(
  context: Pick<ContextView, 'name' | 'sandbox'>,
  group: string,
  kind: string,
  namespace: string,
  name: string,
): void {
  useOpenTools.getState().open({
    kind: 'describe',
    id: toolId('describe', context.name, group, kind, namespace, name),
    title: `${kind} ${name}`,
    context: context.name,
    namespace,
    sandbox: context.sandbox,
    group,
    objectKind: kind,
    name,
  })
}
