import { NotebookPen, Pencil, Save } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { JsonMap } from '../../../shared/rules/cel/value.ts'
import type { DecidingFile } from '../../../shared/rules/contract.ts'
import { readTree, type Tree } from '../../../shared/trees/read-tree.ts'
import { treesFolder } from '../../../shared/trees/tree-schema.ts'
import { type Walk, walkTree } from '../../../shared/trees/walk-tree.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useQuery } from '../../connection/index.ts'
import { Button, ErrorNote, Segmented, useSay, useText } from '../../design/index.ts'
import { prefillRecord, useCommitDialog } from '../draft/index.ts'
import { CodeEditor } from '../editor/index.ts'
import { Questionnaire } from './questionnaire.tsx'
import styles from './rules-screen.module.css'
import { TreePicture } from './tree-picture.tsx'

export type Answer = number | boolean | string
export type Answers = { readonly [fact: string]: Answer }
type Props = {
  workspace: WorkspaceId
  environment: string
  file: DecidingFile
  isShipped: boolean
  onOwn(path: string): void
}

/** One decision tree: drawn, walked with what is known and what people answer, and edited. */
export function TreeScreen({ workspace, environment, file, isShipped, onOwn }: Props) {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const save = useCommand(api.draft.edit)
  const known = useQuery(api.rules.known, { workspace, environment })
  const drafted = useLive(api.draft.view, { workspace }).value
  const openCommit = useCommitDialog(state => state.open)
  const [mode, setMode] = useState<'walk' | 'edit'>('walk')
  const [typed, setTyped] = useState<string | null>(null)
  const [answers, setAnswers] = useState<Answers>({})
  const [line, setLine] = useState<number | undefined>(undefined)
  const value = typed ?? file.text
  const settled = useDeferredValue(value)
  const { tree, problems } = useMemo(() => readTree(file.path, settled), [file.path, settled])
  const all = useMemo(() => ({ ...known.value, ...answers }), [known.value, answers])
  const walk = useMemo(() => (tree ? walkTree(tree, nested(all)) : null), [tree, all])
  const markers = problems.map(problem => ({ ...problem, message: say(problem.message) }))

  async function keep(): Promise<void> {
    const path = isShipped ? `${treesFolder}/${file.path}` : file.path
    await save.run({ workspace, edits: [{ kind: 'set-file', file: path, text: value }] })
    setTyped(null)
    onOwn(path)
  }
  function record(outcomeTree: Tree, outcomeWalk: Walk): void {
    if (!outcomeWalk.outcome) return
    const words = {
      title: `${outcomeTree.text.title ?? outcomeTree.text.name}: ${outcomeWalk.outcome.title}`.slice(0, 200),
      why: walkInWords(outcomeTree, outcomeWalk, text('rule.pageEvidence'), text('rule.pageRecommendations')),
    }
    prefillRecord(workspace, words, (drafted?.edits.length ?? 0) > 0)
    openCommit('record')
  }
  return (
    <section className={styles['detail']} aria-label={tree?.text.title ?? file.path}>
      <header className={styles['detailHead']}>
        <h2>{tree?.text.title ?? file.path}</h2>
        <span className={styles['actions']}>
          <Segmented<'walk' | 'edit'>
            label={text('rule.pageTreeMode')}
            size="small"
            value={mode}
            onChange={setMode}
            options={[
              { value: 'walk', label: text('rule.pageWalk') },
              { value: 'edit', label: text('rule.pageEdit'), icon: Pencil },
            ]}
          />
          {mode === 'edit' && (
            <Button
              variant="primary"
              icon={Save}
              loading={save.running}
              disabledReason={
                typed === null ? text('rule.pageNothingToSave') : tree ? undefined : text('rule.pageTreeBroken')
              }
              onClick={() => void keep()}
            >
              {text(isShipped ? 'rule.pageSaveOwn' : 'rule.pageSave')}
            </Button>
          )}
        </span>
      </header>
      {save.error && <ErrorNote error={save.error} />}
      <div className={styles['treeBody']}>
        {tree && walk ? (
          <TreePicture
            tree={tree}
            walk={walk}
            onNode={id => {
              setMode('edit')
              setLine(tree.nodes.get(id)?.line)
            }}
          />
        ) : (
          <ul className={styles['items']}>
            {problems.map(({ line: at, column, message }) => (
              <li key={`${at}:${column}`} className={styles['item']} data-tone="danger">
                <p>
                  {text('rule.pageLine', { line: at, column })}: {say(message)}
                </p>
              </li>
            ))}
          </ul>
        )}
        <aside className={styles['treeSide']}>
          {mode === 'edit' ? (
            <CodeEditor
              path={file.path}
              value={value}
              onChange={setTyped}
              markers={markers}
              {...(line !== undefined && { revealLine: line })}
            />
          ) : (
            tree &&
            walk && (
              <>
                <Questionnaire
                  tree={tree}
                  walk={walk}
                  known={known.value ?? {}}
                  answers={answers}
                  onAnswers={setAnswers}
                />
                {walk.outcome && (
                  <div className={styles['outcome']} data-tone="ok">
                    <h3>{walk.outcome.title}</h3>
                    <ul>
                      {walk.outcome.recommendations.map(each => (
                        <li key={each}>{each}</li>
                      ))}
                    </ul>
                    <Button variant="primary" icon={NotebookPen} onClick={() => record(tree, walk)}>
                      {text('rule.pageRecord')}
                    </Button>
                  </div>
                )}
                <Otherwise tree={tree} walk={walk} />
              </>
            )
          )}
        </aside>
      </div>
    </section>
  )
}

/** What would have to come out otherwise, of the outcomes that are nearest. */
function Otherwise({ tree, walk }: { tree: Tree; walk: Walk }) {
  const text = useText()
  if (!walk.outcome) return null
  return (
    <details className={styles['otherwise']}>
      <summary>{text('rule.pageOtherwise')}</summary>
      {walk.otherwise.slice(0, 4).map(({ outcome, changes }) => (
        <section key={outcome}>
          <h4>{tree.outcomes.get(outcome)?.title ?? outcome}</h4>
          <ul>
            {changes.map(({ node, question, from, to }) => (
              <li key={node}>
                {question} <strong>{from ?? '?'}</strong> → <strong>{to}</strong>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </details>
  )
}

/** `{"team.count": 2}` as `{"team": {"count": 2}}`. */
function nested(answers: Answers): JsonMap {
  const facts: { [group: string]: { [name: string]: Answer } } = {}
  for (const [path, answer] of Object.entries(answers)) {
    const [group = '', name = ''] = path.split('.')
    facts[group] = { ...facts[group], [name]: answer }
  }
  return facts
}

/** The walk as the why of a record: each turn with its evidence, then what follows. */
function walkInWords(tree: Tree, walk: Walk, evidence: string, recommendations: string): string {
  const turns = walk.path.map(({ question, answer, evidence: facts }) => {
    const seen = facts.map(({ fact, value }) => `\`${fact}\` = ${JSON.stringify(value)}`).join(', ')
    return `- ${question} **${answer ?? '?'}**${seen === '' ? '' : ` (${seen})`}`
  })
  const advice = walk.outcome?.recommendations.map(each => `- ${each}`) ?? []
  return [tree.text.description ?? '', `### ${evidence}`, turns.join('\n'), `### ${recommendations}`, advice.join('\n')]
    .filter(part => part !== '')
    .join('\n\n')
}
