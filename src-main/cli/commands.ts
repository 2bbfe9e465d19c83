import type { Command, Flag } from './command.ts'

const json: Flag = { kind: 'switch', about: 'cli.flagJson' }
const env: Flag = { kind: 'value', value: 'E', about: 'cli.flagEnv' }
const port: Flag = { kind: 'value', value: 'N', about: 'cli.flagPort' }
const noOpen: Flag = { kind: 'switch', about: 'cli.flagNoOpen' }
const push: Flag = { kind: 'switch', about: 'cli.flagPush' }
const branch: Flag = { kind: 'value', value: 'NAME', about: 'cli.flagBranch' }
const title: Flag = { kind: 'value', short: 'm', value: 'TITLE', about: 'cli.flagTitle' }
const why: Flag = { kind: 'value', value: 'TEXT', about: 'cli.flagWhy' }
const alternatives: Flag = { kind: 'value', value: 'TEXT', about: 'cli.flagAlternatives' }
const consequences: Flag = { kind: 'value', value: 'TEXT', about: 'cli.flagConsequences' }
const kind: Flag = { kind: 'value', value: 'KIND', about: 'cli.flagKind' }
const list = (value: string, about: Flag['about']): Flag => ({ kind: 'list', value, about })

/** Everything the command line has, in the order the help shows it. */
export const commands: readonly Command[] = [
  {
    name: 'start',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutStart',
    flags: {
      desktop: { kind: 'switch', about: 'cli.flagDesktop' },
      browser: { kind: 'switch', about: 'cli.flagBrowser' },
      port,
    },
    load: () => import('./start.ts'),
  },
  {
    name: 'serve',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutServe',
    flags: { port, 'no-open': noOpen, json },
    load: () => import('./serve.ts'),
  },
  {
    name: 'demo',
    arguments: '',
    count: [0, 0],
    about: 'cli.aboutDemo',
    flags: { headless: { kind: 'switch', about: 'cli.flagHeadless' }, port, 'no-open': noOpen, json },
    load: () => import('./demo.ts'),
  },
  {
    name: 'environments',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutEnvironments',
    flags: { rev: { kind: 'value', value: 'R', about: 'cli.flagRev' }, json },
    load: () => import('./environments.ts'),
  },
  {
    name: 'topology',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutTopology',
    flags: {
      env,
      path: { kind: 'value', value: 'SUBDIR_OR_FILE', about: 'cli.flagPath' },
      rev: { kind: 'value', value: 'R', about: 'cli.flagRev' },
      source: { kind: 'value', value: 'SRC_DIR', about: 'cli.flagSource' },
      metrics: { kind: 'address', value: '[URL]', about: 'metrics.flagMetrics' },
      window: { kind: 'value', value: '5m', about: 'metrics.flagWindow' },
      format: { kind: 'value', value: 'json|mermaid|dot|svg', about: 'cli.flagFormat' },
      json,
    },
    load: () => import('./topology.ts'),
  },
  {
    name: 'topology impact',
    arguments: 'DIR SERVICE',
    count: [2, 2],
    about: 'wiring.aboutImpact',
    flags: {
      env,
      path: { kind: 'value', value: 'SUBDIR_OR_FILE', about: 'cli.flagPath' },
      rev: { kind: 'value', value: 'R', about: 'cli.flagRev' },
      json,
    },
    load: () => import('./topology-impact.ts'),
  },
  {
    name: 'topology diff',
    arguments: 'DIR REV_A REV_B',
    count: [3, 3],
    about: 'cli.aboutTopologyDiff',
    flags: {
      env,
      path: { kind: 'value', value: 'SUBDIR_OR_FILE', about: 'cli.flagPath' },
      json,
      'exit-code': { kind: 'switch', about: 'cli.flagExitCode' },
    },
    load: () => import('./topology-diff.ts'),
  },
  {
    name: 'edit',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutEdit',
    flags: {
      env,
      'set-replicas': list('S=N', 'cli.flagSetReplicas'),
      'set-image': list('S[:CONTAINER]=IMG', 'cli.flagSetImage'),
      'set-env': list('S[:CONTAINER]:K=V', 'cli.flagSetEnv'),
      'unset-env': list('S[:CONTAINER]:K', 'cli.flagUnsetEnv'),
      'set-args': list('S[:CONTAINER]=JSON', 'cli.flagSetArgs'),
      'set-request': list('S[:CONTAINER]:NAME=Q', 'cli.flagSetRequest'),
      'set-limit': list('S[:CONTAINER]:NAME=Q', 'cli.flagSetLimit'),
      'set-label': list('S:K=V', 'cli.flagSetLabel'),
      'set-annotation': list('S:K=V', 'cli.flagSetAnnotation'),
      'set-min-replicas': list('S=N', 'cli.flagSetMin'),
      'set-max-replicas': list('S=N', 'cli.flagSetMax'),
      'rename-service': list('S=NEW', 'cli.flagRename'),
      'remove-service': list('S', 'cli.flagRemove'),
      'add-service': list('NAME=IMG', 'cli.flagAdd'),
      'confirm-edge': list('FROM=TO', 'cli.flagConfirmEdge'),
      'reject-edge': list('FROM=TO', 'cli.flagRejectEdge'),
      'declare-edge': list('FROM=TO[:PROTOCOL]', 'cli.flagDeclareEdge'),
      'forget-edge': list('FROM=TO', 'cli.flagForgetEdge'),
      connect: list('FROM=TO', 'wiring.flagConnect'),
      disconnect: list('FROM=TO', 'wiring.flagDisconnect'),
      repoint: list('FROM=TO:NEXT', 'wiring.flagRepoint'),
      'declare-from': { kind: 'value', value: 'FILE.mmd|-', about: 'wiring.flagDeclareFrom' },
      like: { kind: 'value', value: 'S', about: 'cli.flagLike' },
      edits: { kind: 'value', value: 'FILE|-', about: 'cli.flagEdits' },
      'dry-run': { kind: 'switch', about: 'cli.flagDryRun' },
      commit: { kind: 'switch', about: 'cli.flagCommit' },
      title,
      why,
      alternatives,
      consequences,
      kind,
      reason: list('RULE=TEXT', 'cli.flagReason'),
      branch,
      push,
      json,
    },
    load: () => import('./edit.ts'),
  },
  {
    name: 'gate',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutGate',
    flags: {
      base: { kind: 'value', value: 'R', about: 'cli.flagBase' },
      head: { kind: 'value', value: 'R', about: 'cli.flagHead' },
      all: { kind: 'switch', about: 'rule.flagAll' },
      format: { kind: 'value', value: 'text|json|github|sarif', about: 'rule.flagFormat' },
      json,
    },
    load: () => import('./gate.ts'),
  },
  {
    name: 'log',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutLog',
    flags: {
      tsv: { kind: 'switch', about: 'cli.flagTsv' },
      json,
      service: { kind: 'value', value: 'S', about: 'cli.flagService' },
      search: { kind: 'value', value: 'WORDS', about: 'cli.flagSearch' },
      author: { kind: 'value', value: 'NAME', about: 'cli.flagAuthor' },
      kind,
      since: { kind: 'value', value: 'DATE', about: 'cli.flagSince' },
      until: { kind: 'value', value: 'DATE', about: 'cli.flagUntil' },
      limit: { kind: 'value', value: 'N', about: 'cli.flagLimit' },
      rev: { kind: 'value', value: 'R', about: 'cli.flagRev' },
      all: { kind: 'switch', about: 'cli.flagAll' },
    },
    load: () => import('./log.ts'),
  },
  {
    name: 'show',
    arguments: 'DIR DECISION',
    count: [2, 2],
    about: 'cli.aboutShow',
    flags: { json },
    load: () => import('./show.ts'),
  },
  {
    name: 'deps',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'dependency.aboutDeps',
    flags: { rev: { kind: 'value', value: 'R', about: 'cli.flagRev' }, env, json },
    load: () => import('./deps.ts'),
  },
  {
    name: 'deps diff',
    arguments: 'DIR REV_A REV_B',
    count: [3, 3],
    about: 'dependency.aboutDiff',
    flags: { env, json, 'exit-code': { kind: 'switch', about: 'cli.flagExitCode' } },
    load: () => import('./deps-diff.ts'),
  },
  {
    name: 'deps diff-files',
    arguments: 'OLD NEW',
    count: [2, 2],
    about: 'dependency.aboutDiffFiles',
    flags: {
      ecosystem: { kind: 'value', value: 'go|npm|cargo|…', about: 'dependency.flagEcosystem' },
      json,
      'exit-code': { kind: 'switch', about: 'cli.flagExitCode' },
    },
    load: () => import('./deps-diff-files.ts'),
  },
  {
    name: 'revert',
    arguments: 'DIR DECISION',
    count: [2, 2],
    about: 'cli.aboutRevert',
    flags: {
      title,
      why,
      alternatives,
      consequences,
      reason: list('RULE=TEXT', 'cli.flagReason'),
      partial: { kind: 'switch', about: 'cli.flagPartial' },
      'dry-run': { kind: 'switch', about: 'cli.flagDryRun' },
      branch,
      push,
      json,
    },
    load: () => import('./revert.ts'),
  },
  {
    name: 'record',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutRecord',
    flags: { title, why, alternatives, consequences, branch, push, json },
    load: () => import('./record.ts'),
  },
  {
    name: 'explain',
    arguments: 'FILE|- …',
    count: [1, 1000],
    about: 'cli.aboutExplain',
    flags: { json },
    load: () => import('./explain.ts'),
  },
  {
    name: 'rules eval',
    arguments: 'RULES CONTEXT',
    count: [2, 2],
    about: 'rule.aboutEval',
    flags: { json },
    load: () => import('./rules-eval.ts'),
  },
  {
    name: 'rules test',
    arguments: 'FILE|DIR',
    count: [1, 1],
    about: 'rule.aboutTest',
    flags: { json },
    load: () => import('./rules-test.ts'),
  },
  {
    name: 'tree eval',
    arguments: 'TREE CONTEXT',
    count: [2, 2],
    about: 'rule.aboutTreeEval',
    flags: { json },
    load: () => import('./tree-eval.ts'),
  },
  {
    name: 'doctor',
    arguments: '[DIR]',
    count: [0, 1],
    about: 'cli.aboutDoctor',
    flags: { json },
    load: () => import('./doctor.ts'),
  },
]

/** The command that what was typed begins with, and the rest; a name of two words wins over its first word. */
export function findCommand(typed: readonly string[]): { command: Command; rest: readonly string[] } | null {
  for (const words of [2, 1]) {
    const command = commands.find(({ name }) => name === typed.slice(0, words).join(' '))
    if (command) return { command, rest: typed.slice(words) }
  }
  return null
}
