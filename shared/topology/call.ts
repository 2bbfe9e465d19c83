import type { ServiceObject } from './index-objects.ts'
import type { DraftNode } from './name-nodes.ts'
import { kindOfProtocol, protocolOfPort, protocolOfPortName, protocolOfScheme } from './recognise-technology.ts'
import type { EdgeClass, Evidence } from './topology.ts'

/** One reason to believe that a node calls another. */
export type Call = {
  readonly from: DraftNode
  readonly to: DraftNode
  readonly confidence: number
  readonly protocol: string
  /** The first says what kind of reason this is. */
  readonly evidence: readonly Evidence[]
  readonly class: EdgeClass
}

/** What a reference says about the way it is spoken to. */
export type Speaking = {
  readonly scheme?: string
  readonly port?: number
  readonly service?: ServiceObject
  /** Name of the variable or flag, which may say `OTEL_…` or `EUREKA_…`. */
  readonly key?: string
  readonly default?: string
}

/**
 * Protocol by what is most particular: a URL's scheme, the Service port's `appProtocol`, what the target is, the
 * port's name, a well-known port, the target's own probes; else `tcp`.
 */
export function protocolOf(to: DraftNode, speaking: Speaking): string {
  const { service } = speaking
  const port =
    speaking.port === undefined
      ? service?.ports.length === 1
        ? service.ports[0]
        : undefined
      : service?.ports.find(candidate => candidate.port === speaking.port)
  const number = speaking.port ?? port?.port
  const scheme = protocolOfScheme(speaking.scheme)
  if (scheme && !(scheme === 'http' && kindOfProtocol(to.technology?.protocol))) return scheme
  const targetPort = typeof port?.targetPort === 'string' ? port.targetPort : undefined
  return (
    protocolOfPortName(port?.appProtocol) ??
    (to.technology && to.technology.kind !== 'service' && to.technology.protocol !== 'tcp'
      ? to.technology.protocol
      : undefined) ??
    protocolOfPortName(port?.name) ??
    protocolOfPortName(targetPort) ??
    protocolOfPort(number) ??
    protocolOfPort(typeof port?.targetPort === 'number' ? port.targetPort : undefined) ??
    speaking.default ??
    to.technology?.protocol ??
    'tcp'
  )
}

export const loadNames =
  /(^|[-_/.])(load-?gen(erator)?|load-?test(er|s|ing)?|loadgen|locust(file)?|k6|(fake-?)?traffic(?![-_.])|traffic-?gen(erator)?|vegeta|artillery|gatling|jmeter|hey|fortio-load|simulat(or|ion)|stress(-?test(er)?)?|bench(mark(er)?)?|ghz|wrk2?|siege|virtual-(customer|worker|user)s?|synthetics?)($|[-_/.])/
export const telemetryNames =
  /(^|[-_.])(jaeger|zipkin|otel|opentelemetry\w*|otelcol|prometheus|grafana|loki|tempo|fluentd|fluent-bit|statsd|datadog|apm-server|newrelic|sentry|mimir|thanos|pyroscope|alloy|kiali|signoz|skywalking|alertmanager|pushgateway|victoria-?metrics|vmagent|splunk|dynatrace|xray|cloudwatch|kibana|logstash|promtail|telegraf|seq|graylog|loggly)($|[-_.])/
const telemetryKeys =
  /(^|[_.-])(otel|otlp|jaeger|zipkin|tracing|tracer|metrics|statsd|dd_agent|sentry|collector|posthog|mixpanel|amplitude|bugsnag|rollbar|honeybadger|serilog|gelf|graylog)([_.-]|$)/i
export const infraNames =
  /(^|[-_.])(eureka|consul|config-?server|discovery(-?server)?|zookeeper|flagd|unleash|flipt|schema-?registry|service-?registry|service-?discovery|nacos|feature-?flags?|vault)($|[-_.])/
const infraKeys = /(^|[_.-])(eureka|consul|config_?server|spring[_.]cloud[_.]config|flagd|vault)([_.-]|$)/i

/** Which part of the system's life a call belongs to. */
export function classOf(from: DraftNode, to: DraftNode, speaking: Speaking): EdgeClass {
  const key = speaking.key ?? ''
  if (
    to.technology?.telemetry ||
    from.technology?.telemetry ||
    telemetryNames.test(to.plainName) ||
    telemetryKeys.test(key)
  )
    return 'telemetry'
  if (to.technology?.infra || infraNames.test(to.plainName) || infraKeys.test(key)) return 'infra'
  if (isLoad(from)) return 'load'
  if (from.kind === 'gateway') return 'ingress'
  const outside = to.workloads.length === 0 && to.object === undefined
  return outside ? 'external' : 'app'
}

const isLoad = (node: DraftNode): boolean =>
  loadNames.test(node.plainName) ||
  node.containers.slice(0, 1).some(container => loadNames.test(container.image.split(':')[0]!))
