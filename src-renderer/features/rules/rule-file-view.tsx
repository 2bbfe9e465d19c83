import { FlaskConical, Save, Undo2 } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { completeExpression } from '../../../shared/rules/complete-expression.ts'
import type { DecidingFile, RulesView } from '../../../shared/rules/contract.ts'
import { evaluateRules } from '../../../shared/rules/evaluate-rules.ts'
import { asContext } from '../../../shared/rules/gate-facts.ts'
import { readRules } from '../../../shared/rules/read-rules.ts'
import { runRuleTests } from '../../../shared/rules/run-rule-tests.ts'
import { gateEnvironment } from '../../../shared/rules/workspace-rules.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { Button, ErrorNote, LiveRegion, Screen, ScreenHead, useSay, useText } from '../../design/index.ts'
import { CodeEditor } from '../editor/index.ts'
import styles from './rules-screen.module.css'
import { severityWords, verdictLooks } from './verdict-words.ts'

const complete = (text: string, offset: number) => completeExpression(text, offset, gateEnvironment.variables)

type Props = { workspace: WorkspaceId; file: DecidingFile; view: RulesView }

/** One file of rules: its text, and what each rule says of the draft while it is typed. */
export function RuleFileView({ workspace, file, view }: Props) {
  const text = useText()
  const say = useSay()
  const { draft } = useApi()
  const save = useCommand(draft.edit)
  const [typed, setTyped] = useState<string | null>(null)
  const [line, setLine] = useState<number | undefined>(undefined)
  const value = typed ?? file.text
  const settled = useDeferredValue(value)
  const { read, verdicts, tests } = useMemo(() => {
    const found = readRules(file.path, settled, gateEnvironment)
    const { date } = view.facts.time
    return {
      read: found,
      verdicts: new Map(evaluateRules(found.rules, asContext(view.facts), date).map(verdict => [verdict.id, verdict])),
      tests: runRuleTests(found, date),
    }
  }, [file.path, settled, view.facts])
  const markers = read.problems.map(problem => ({
    line: problem.line,
    column: problem.column,
    severity: problem.severity,
    message: say(problem.message),
  }))
  const changed = value !== file.text || (file.changed && !view.rules.includes(file))
  const ordered = read.rules.toSorted((a, b) => b.priority - a.priority)
  const failed = tests.filter(({ failures }) => failures.length > 0).length

  async function keep(): Promise<void> {
    const kept = value
    if (!(await save.done({ workspace, edits: [{ kind: 'set-file', file: file.path, text: kept }] }))) return
    setTyped(now => (now === kept ? null : now))
  }
  return (
    <Screen label={file.path}>
      <ScreenHead
        level={2}
        title={<code>{file.path}</code>}
        end={
          <>
            {typed !== null && (
              <Button variant="ghost" icon={Undo2} onClick={() => setTyped(null)}>
                {text('rule.pageUndo')}
              </Button>
            )}
            <Button
              variant="primary"
              icon={Save}
              loading={save.running}
              disabledReason={changed ? undefined : text('rule.pageNothingToSave')}
              onClick={() => void keep()}
            >
              {text('rule.pageSave')}
            </Button>
          </>
        }
      />
      {save.error && <ErrorNote error={save.error} />}
      <div className={styles['twoRows']}>
        <CodeEditor
          path={file.path}
          value={value}
          onChange={setTyped}
          markers={markers}
          complete={complete}
          {...(line !== undefined && { revealLine: line })}
        />
        <div className={styles['verdicts']}>
          <ul className={styles['items']} aria-label={text('rule.pageVerdicts')}>
            {read.problems.map(({ line: at, column, message, severity }) => (
              <li
                key={`${at}:${column} ${message.key}`}
                className={styles['item']}
                data-tone={severity === 'error' ? 'danger' : 'warn'}
              >
                <verdictLooks.block.icon aria-hidden="true" />
                <div>
                  <p>{say(message)}</p>
                  <p className={styles['facts']}>
                    <button type="button" onClick={() => setLine(at)}>
                      {text('rule.pageLine', { line: at, column })}
                    </button>
                  </p>
                </div>
              </li>
            ))}
            {ordered.map(rule => {
              const verdict = verdicts.get(rule.id)
              if (!verdict) return null
              const { icon: Icon, tone, word } = verdictLooks[verdict.verdict]
              return (
                <li key={rule.id} className={styles['item']} data-tone={tone}>
                  <Icon aria-hidden="true" />
                  <div>
                    <p>
                      <strong>{text(word)}</strong> · {say(verdict.message)}
                    </p>
                    <p className={styles['facts']}>
                      <button type="button" onClick={() => setLine(rule.line)}>
                        {rule.id}
                      </button>
                      <span>{text('rule.pageSeverity', { severity: text(severityWords[rule.severity]) })}</span>
                      {rule.priority !== 0 && <span>{text('rule.pagePriority', { priority: rule.priority })}</span>}
                      {rule.owner && <span>{text('rule.pageOwner', { owner: rule.owner })}</span>}
                    </p>
                  </div>
                </li>
              )
            })}
          </ul>
          {tests.length > 0 && (
            <>
              <h3>
                <FlaskConical aria-hidden="true" /> {text('rule.testsRun', { count: tests.length, failed })}
              </h3>
              <ul className={styles['items']}>
                {tests.map(({ name, line: at, failures }) => {
                  const look = verdictLooks[failures.length > 0 ? 'block' : 'pass']
                  return (
                    <li key={at} className={styles['item']} data-tone={look.tone}>
                      <look.icon aria-hidden="true" />
                      <div>
                        <p>
                          <button type="button" onClick={() => setLine(at)}>
                            {name}
                          </button>
                        </p>
                        {failures.map(failure => (
                          <p key={say(failure)} className={styles['facts']}>
                            {say(failure)}
                          </p>
                        ))}
                      </div>
                    </li>
                  )
                })}
              </ul>
            </>
          )}
        </div>
      </div>
      <LiveRegion>{read.problems[0] ? say(read.problems[0].message) : ''}</LiveRegion>
    </Screen>
  )
}
