import { FileCode2, GitCommitHorizontal, NotebookPen, Pencil, Save, TriangleAlert, Undo2 } from 'lucide-react'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import type { Message } from '../../../shared/messages/index.ts'
import type { JsonMap } from '../../../shared/rules/cel/value.ts'
import type { DecidingFile } from '../../../shared/rules/contract.ts'
import { editTree, type TreeEdit } from '../../../shared/trees/edit-tree.ts'
import { readTree, type Tree } from '../../../shared/trees/read-tree.ts'
import { treesFolder } from '../../../shared/trees/tree-schema.ts'
import { type Walk, walkTree } from '../../../shared/trees/walk-tree.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { CannotEdit } from '../../../shared/yaml/cannot-edit.ts'
import { useApi, useCommand, useLive, useNavigation, useQuery } from '../../connection/index.ts'
import {
  Button,
  Callout,
  ErrorNote,
  IconButton,
  Screen,
  ScreenHead,
  Segmented,
  useSay,
  useText,
} from '../../design/index.ts'
import { prefillRecord, useCommitDialog } from '../draft/index.ts'
import { CodeEditor } from '../editor/index.ts'
import { Questionnaire } from './questionnaire.tsx'
import styles from './rules-screen.module.css'
import { TreeForm } from './tree-form.tsx'
import { TreePicture } from './tree-picture.tsx'

export type Answer = number | boolean | string
export type Answers = { readonly [fact: string]: Answer }
type Mode = 'walk' | 'edit' | 'text'
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
  const drafted = useLive(api.draft.view, { workspace }).value
  const note = useCommand(
    useCallback(
      async (words: { title: string; why: string }, options?: { signal: AbortSignal }) => {
        const { reasons, waivedUntil, links, ...known } = drafted?.note ?? {}
        const answers = {
          ...(reasons && { reasons: { ...reasons } }),
          ...(waivedUntil && { waivedUntil: { ...waivedUntil } }),
          ...(links && { links: [...links] }),
        }
        await api.draft.note({ workspace, note: { ...known, ...answers, ...words } }, options)
        return true
      },
      [api, workspace, drafted],
    ),
  )
  const go = useNavigation(place => place.go)
  const known = useQuery(api.rules.known, { workspace, environment })
  const openCommit = useCommitDialog(state => state.open)
  const [mode, setMode] = useState<Mode>('walk')
  const [selected, setSelected] = useState<string | null>(null)
  /** Texts before each edit of the picture, oldest first. */
  const [past, setPast] = useState<readonly string[]>([])
  const [refusal, setRefusal] = useState<Message | null>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const [answers, setAnswers] = useState<Answers>({})
  const [line, setLine] = useState<number | undefined>(undefined)
  const value = typed ?? file.text
  const settled = useDeferredValue(value)
  const { tree, problems } = useMemo(() => readTree(file.path, settled), [file.path, settled])
  const all = useMemo(() => ({ ...known.value, ...answers }), [known.value, answers])
  const walk = useMemo(() => (tree ? walkTree(tree, nested(all)) : null), [tree, all])
  const markers = problems.map(problem => ({ ...problem, message: say(problem.message) }))

  /** One edit of the picture; what would be no tree any more is refused with the reason. */
  function edit(change: TreeEdit): void {
    try {
      const next = editTree(value, change)
      const read = readTree(file.path, next)
      setRefusal(read.tree ? null : (read.problems.find(({ severity }) => severity === 'error')?.message ?? null))
      if (!read.tree) return
      setPast([...past, value])
      setTyped(next)
      if (selected !== null && !read.tree.nodes.has(selected) && !read.tree.outcomes.has(selected)) setSelected(null)
    } catch (error) {
      if (!(error instanceof CannotEdit)) throw error
      setRefusal(error.reason)
    }
  }
  function undo(): void {
    setTyped(past.at(-1) ?? null)
    setPast(past.slice(0, -1))
    setRefusal(null)
  }
  async function keep(): Promise<void> {
    const path = isShipped ? `${treesFolder}/${file.path}` : file.path
    if (!(await save.done({ workspace, edits: [{ kind: 'set-file', file: path, text: value }] }))) return
    setTyped(null)
    setPast([])
    onOwn(path)
  }
  const hasDraft = (drafted?.edits.length ?? 0) > 0
  /** What the walk came to, as words of a decision. */
  function wordsOf(outcomeTree: Tree, outcomeWalk: Walk) {
    return {
      title: `${outcomeTree.text.title ?? outcomeTree.text.name}: ${outcomeWalk.outcome?.title}`.slice(0, 200),
      why: walkInWords(outcomeTree, outcomeWalk, text('rule.pageEvidence'), text('rule.pageRecommendations')),
    }
  }
  function record(words: ReturnType<typeof wordsOf>): void {
    prefillRecord(workspace, words)
    openCommit('record')
  }
  /** The words wait in the draft: for its commit now, or for edits that are still to be made. */
  async function decide(words: ReturnType<typeof wordsOf>): Promise<void> {
    if (!(await note.run(words))) return
    if (hasDraft) openCommit('draft')
    else go({ screen: 'topology', revision: null })
  }
  return (
    <Screen label={tree?.text.title ?? file.path}>
      <ScreenHead
        level={2}
        title={tree?.text.title ?? file.path}
        end={
          <>
            <Segmented<Mode>
              label={text('rule.pageTreeMode')}
              size="small"
              value={mode}
              onChange={setMode}
              options={[
                { value: 'walk', label: text('rule.pageWalk') },
                { value: 'edit', label: text('rule.pageEdit'), icon: Pencil },
                { value: 'text', label: text('rule.pageText'), icon: FileCode2 },
              ]}
            />
            {mode === 'edit' && (
              <IconButton icon={Undo2} label={text('rule.treeUndo')} disabled={past.length === 0} onClick={undo} />
            )}
            {mode !== 'walk' && (
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
          </>
        }
      />
      {save.error && <ErrorNote error={save.error} />}
      {note.error && <ErrorNote error={note.error} />}
      {refusal && <Callout tone="danger">{text('rule.treeRefused', { reason: say(refusal) })}</Callout>}
      <div className={styles['treeBody']}>
        {tree && walk ? (
          <TreePicture
            tree={tree}
            walk={walk}
            onNode={id => {
              if (mode === 'walk') setMode('edit')
              setSelected(id)
              setLine(tree.nodes.get(id)?.line)
            }}
            {...(mode === 'edit' && {
              editing: { selected, onPoint: (id, answer, to) => edit({ kind: 'point', id, answer, to }) },
            })}
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
            <>
              {tree && selected !== null ? (
                <TreeForm tree={tree} id={selected} onEdit={edit} />
              ) : (
                <p className={styles['none']}>{text('rule.treeChoose')}</p>
              )}
              {problems.length > 0 && (
                <ul className={styles['items']} aria-label={text('rule.treeProblems')}>
                  {problems.map(({ message, severity, line: at, column }) => (
                    <li
                      key={`${at}:${column} ${message.key}`}
                      className={styles['item']}
                      data-tone={severity === 'error' ? 'danger' : 'warn'}
                    >
                      <TriangleAlert aria-hidden="true" />
                      <p>{say(message)}</p>
                      {typeof message.params?.['id'] === 'string' && (
                        <Button size="small" onClick={() => setSelected(String(message.params?.['id']))}>
                          {text('rule.pageEdit')}
                        </Button>
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </>
          ) : mode === 'text' ? (
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
                    <span className={styles['actions']}>
                      <Button
                        variant={walk.outcome.kind === 'decision' ? 'default' : 'primary'}
                        icon={NotebookPen}
                        onClick={() => record(wordsOf(tree, walk))}
                      >
                        {text('rule.pageRecord')}
                      </Button>
                      {(hasDraft || walk.outcome.kind === 'decision') && (
                        <Button
                          variant={walk.outcome.kind === 'decision' ? 'primary' : 'default'}
                          icon={GitCommitHorizontal}
                          loading={note.running}
                          onClick={() => void decide(wordsOf(tree, walk))}
                        >
                          {text(hasDraft ? 'rule.pageCommitDraft' : 'rule.pageBeginDraft')}
                        </Button>
                      )}
                    </span>
                  </div>
                )}
                <Otherwise tree={tree} walk={walk} />
              </>
            )
          )}
        </aside>
      </div>
    </Screen>
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
