import { type Policy, policy } from './policy.ts'

/** Capabilities that the Pod Security Standards' baseline lets a container add. */
const harmless = JSON.stringify([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
])
const security = 'container.?securityContext'
const podSecurity = 'pod.?securityContext'

/**
 * The baseline: the Pod Security Standards (their `baseline` level blocks, their `restricted` level informs), what keeps
 * a workload up while nodes come and go, secrets, deprecated APIs and transport security. Sources: kubernetes.io
 * "Pod Security Standards" and "Deprecated API Migration Guide", istio.io "PeerAuthentication".
 */
export const baseline: readonly Policy[] = [
  policy({
    id: 'no-privileged-container',
    scope: 'container',
    severity: 'block',
    message: 'rule.policyPrivileged',
    holds: `${security}.?privileged.orValue(false) != true`,
    at: ['securityContext', 'privileged'],
    fix: false,
  }),
  policy({
    id: 'no-added-capabilities',
    scope: 'container',
    severity: 'block',
    message: 'rule.policyCapabilities',
    holds: `${security}.?capabilities.?add.orValue([]).all(c, c in ${harmless})`,
    at: ['securityContext', 'capabilities', 'add'],
  }),
  policy({
    id: 'no-host-ports',
    scope: 'container',
    severity: 'block',
    message: 'rule.policyHostPorts',
    holds: 'container.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0)',
    at: ['ports'],
  }),
  policy({
    id: 'no-host-namespaces',
    scope: 'pod',
    severity: 'block',
    message: 'rule.policyHostNamespaces',
    holds: '!(pod.?hostNetwork.orValue(false) || pod.?hostPID.orValue(false) || pod.?hostIPC.orValue(false))',
    at: ['hostNetwork'],
  }),
  policy({
    id: 'no-host-path',
    scope: 'pod',
    severity: 'block',
    message: 'rule.policyHostPath',
    holds: 'pod.?volumes.orValue([]).all(v, !has(v.hostPath))',
    at: ['volumes'],
  }),
  policy({
    id: 'run-as-non-root',
    scope: 'container',
    severity: 'info',
    message: 'rule.policyNonRoot',
    holds: `${security}.?runAsNonRoot.orValue(${podSecurity}.?runAsNonRoot.orValue(false)) == true`,
    at: ['securityContext', 'runAsNonRoot'],
    fix: true,
  }),
  policy({
    id: 'read-only-root-filesystem',
    scope: 'container',
    severity: 'info',
    message: 'rule.policyReadOnlyRoot',
    holds: `${security}.?readOnlyRootFilesystem.orValue(false) == true`,
    at: ['securityContext', 'readOnlyRootFilesystem'],
    fix: true,
  }),
  policy({
    id: 'no-privilege-escalation',
    scope: 'container',
    severity: 'info',
    message: 'rule.policyEscalation',
    holds: `${security}.?allowPrivilegeEscalation.orValue(true) == false`,
    at: ['securityContext', 'allowPrivilegeEscalation'],
    fix: false,
  }),
  policy({
    id: 'drop-all-capabilities',
    scope: 'container',
    severity: 'info',
    message: 'rule.policyDropAll',
    holds: `${security}.?capabilities.?drop.orValue([]).exists(c, c in ["ALL", "all"])`,
    at: ['securityContext', 'capabilities', 'drop'],
    fix: ['ALL'],
  }),
  policy({
    id: 'seccomp-profile',
    scope: 'container',
    severity: 'info',
    message: 'rule.policySeccomp',
    holds: `${security}.?seccompProfile.?type.orValue(${podSecurity}.?seccompProfile.?type.orValue("")) in ["RuntimeDefault", "Localhost"]`,
    at: ['securityContext', 'seccompProfile'],
    fix: { type: 'RuntimeDefault' },
  }),
  policy({
    id: 'requests-and-limits',
    scope: 'container',
    severity: 'info',
    message: 'rule.policyResources',
    holds:
      'known.init || (has(container.resources) && has(container.resources.requests) && has(container.resources.requests.cpu) && has(container.resources.requests.memory) && has(container.resources.limits) && has(container.resources.limits.memory))',
    at: ['resources'],
  }),
  policy({
    id: 'probes',
    scope: 'container',
    severity: 'info',
    message: 'rule.policyProbes',
    holds: 'known.init || !known.serves || has(container.readinessProbe)',
    at: ['readinessProbe'],
  }),
  policy({
    id: 'no-secret-in-plain-text',
    scope: 'container',
    severity: 'warn',
    message: 'rule.policyPlainSecret',
    holds:
      'container.?env.orValue([]).all(e, !e.?name.orValue("").matches("(?i)(^|_)(password|passwd|secret|token|api_?key|private_?key|credentials?)$") || e.?value.orValue("") == "" || string(e.value).matches("^[$][({]"))',
    at: ['env'],
  }),
  policy({
    id: 'no-secret-manifest',
    scope: 'object',
    severity: 'warn',
    message: 'rule.policySecretManifest',
    holds:
      'object.kind != "Secret" || object.?type.orValue("") == "kubernetes.io/service-account-token" || (object.?data.orValue({}).size() == 0 && object.?stringData.orValue({}).size() == 0)',
    at: ['data'],
  }),
  policy({
    id: 'no-removed-api',
    scope: 'object',
    severity: 'block',
    message: 'rule.policyRemovedApi',
    holds: '!has(known.removedIn)',
    at: ['apiVersion'],
  }),
  policy({
    id: 'disruption-budget',
    scope: 'object',
    severity: 'info',
    message: 'rule.policyDisruptionBudget',
    holds: '!known.replicated || known.budgeted',
    at: ['spec', 'replicas'],
  }),
  policy({
    id: 'spread-over-nodes',
    scope: 'object',
    severity: 'info',
    message: 'rule.policySpread',
    holds:
      '!known.replicated || has(pod.topologySpreadConstraints) || has(pod.affinity) && has(pod.affinity.podAntiAffinity)',
    at: ['spec', 'replicas'],
  }),
  policy({
    id: 'network-policy',
    scope: 'object',
    severity: 'info',
    message: 'rule.policyNetwork',
    holds: '!known.workload || known.isolated',
    at: ['metadata', 'name'],
  }),
  policy({
    id: 'mesh-is-strict',
    scope: 'object',
    severity: 'warn',
    message: 'rule.policyMesh',
    holds: `!known.strictMesh
      || (object.kind != "DestinationRule" || object.?spec.?trafficPolicy.?tls.?mode.orValue("ISTIO_MUTUAL") != "DISABLE")
      && (object.kind != "PeerAuthentication" || object.?spec.?mtls.?mode.orValue("STRICT") in ["STRICT", "UNSET"])`,
    at: ['spec'],
  }),
  policy({
    id: 'tls-1-3',
    scope: 'object',
    severity: 'warn',
    message: 'rule.policyTls',
    holds: `!known.strictMesh || object.kind != "Gateway" || !object.apiVersion.startsWith("networking.istio.io/")
      || object.?spec.?servers.orValue([]).all(s, !has(s.tls) || has(s.tls.httpsRedirect) || s.tls.?mode.orValue("") == "PASSTHROUGH" || s.tls.?minProtocolVersion.orValue("") == "TLSV1_3")`,
    at: ['spec', 'servers'],
  }),
]
