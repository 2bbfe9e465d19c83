export const cluster = {
  // Kubeconfig
  'cluster.fileUnreadable': '{{file}} cannot be read ({{reason}}). Check its permissions.',
  'cluster.fileBroken':
    '{{file}}, line {{line}}: this is no kubeconfig. Mend it, or leave it out of KUBECONFIG; the contexts of other files are not touched by it.',
  'cluster.noSuchCluster':
    'The context {{context}} names the cluster {{cluster}}, which no kubeconfig defines. Correct it: kubectl config set-context {{context}} --cluster=…',
  'cluster.noSuchUser':
    'The context {{context}} names the user {{user}}, which no kubeconfig defines. Correct it: kubectl config set-context {{context}} --user=…',
  'cluster.badServer': 'The cluster {{cluster}} has no usable server address. It is http(s)://host:port.',
  'cluster.noSuchContext': 'No kubeconfig has a context called {{context}}. There are: {{known}}.',
  'cluster.noContexts':
    'No kubeconfig has a context called {{context}}, nor any other. Set KUBECONFIG, or put one at ~/.kube/config.',

  // Signing in
  'cluster.credentialUnreadable':
    'The context {{context}} names {{file}}, which cannot be read ({{reason}}). Check the path and its permissions.',
  'cluster.badCertificate':
    'The certificates of the context {{context}} (user {{user}}) are not PEM, or the key does not fit. Fetch the kubeconfig anew.',
  'cluster.plainHttp':
    '{{server}} of the context {{context}} is plain http, and the credentials could be read on the way. Nothing was sent; use https.',
  'cluster.pluginMissing': '{{command}} signs in to this cluster and is not installed. {{hint}}',
  'cluster.pluginSlow':
    '{{command}} gave no credential within {{seconds}} s. Run it in a terminal to see what it waits for.',
  'cluster.pluginFailed': '{{command}} gave no credential: {{reason}}. Run it in a terminal and sign in.',
  'cluster.pluginNoCredential': '{{command}} answered with something that is no credential.',
  'cluster.providerFailed':
    'The {{provider}} sign-in of {{user}} has run out and could not be renewed. Sign in again with kubectl.',
  'cluster.unauthorized':
    'The cluster of {{context}} does not accept the credentials of {{user}}. Sign in again, or fetch the kubeconfig anew.',

  // Connecting
  'cluster.hostNotFound':
    'There is no host {{server}} (context {{context}}). Check the address, your network and your VPN.',
  'cluster.unreachable': '{{server}} (context {{context}}) cannot be reached: {{reason}}',
  'cluster.nobodyListens':
    'Nothing listens at {{server}} (context {{context}}). Does the cluster run, and is its address in the kubeconfig right?',
  'cluster.noAnswer':
    '{{server}} (context {{context}}) does not answer ({{reason}}). A VPN or a tunnel may be missing.',
  'cluster.certificate':
    'The certificate of {{server}} (context {{context}}) is not trusted: {{reason}}. Check certificate-authority in the kubeconfig.',
  'cluster.notKubernetes': '{{server}} (context {{context}}) does not answer as a Kubernetes API server does.',
  'cluster.busy': 'The cluster of {{context}} is too busy and asks to come back in {{seconds}} s.',
  'cluster.answered': 'The cluster of {{context}} answered {{status}}. {{reason}}',
  'cluster.historyGone': 'The cluster of {{context}} no longer remembers so far back.',

  // Rights
  'cluster.forbidden':
    'You may not {{verb}} {{resource}} in the namespace {{namespace}} of {{context}}. Ask for a role with that verb on that resource.',
  'cluster.forbiddenEverywhere':
    'You may not {{verb}} {{resource}} across all of {{context}}. Ask for a cluster role with that verb on that resource.',
  'cluster.denied': 'The cluster refuses {{what}}: {{reason}}',

  // Objects
  'cluster.notFound': 'There is no {{what}} in {{context}}.',
  'cluster.notServed':
    'The cluster of {{context}} does not know {{what}}. Its definition (CRD) may be missing, or the version is another.',
  'cluster.alreadyThere': '{{what}} exists already.',
  'cluster.fieldsHeld': '{{what}}: others hold these fields: {{fields}}. Leave them out, or take them over.',
  'cluster.conflict': '{{what}} has changed meanwhile: {{reason}}',
  'cluster.refused': 'The cluster does not accept {{what}}: {{reason}}',

  // Into Pods
  'cluster.podUnplaced': 'There is nothing to enter: no node runs the Pod {{pod}} yet.',
  'cluster.nodeGone':
    'The node {{node}}, on which the Pod {{pod}} is said to run, is not part of the cluster any more.',
  'cluster.nodeSilent': 'The node of the Pod {{pod}} does not answer the API server: {{reason}}',
  'cluster.proxyFailed': '{{what}} did not answer through the cluster: {{reason}}',
  'cluster.processLost': 'The connection to the process in {{pod}} was lost.',
} as const
