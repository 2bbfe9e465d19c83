import { FileCode2, Wrench } from 'lucide-react'
import type { GateItem } from '../../../shared/gate/gate.ts'
import type { RulesView } from '../../../shared/rules/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useNavigation } from '../../connection/index.ts'
import { Button, ErrorNote, Screen, ScreenHead, useSay, useText } from '../../design/index.ts'
import styles from './rules-screen.module.css'
import { infoIcon, verdictLooks } from './verdict-words.ts'

/** What the whole gate says of the draft, in order of consequence. */
export function GateVerdicts({ workspace, view }: { workspace: WorkspaceId; view: RulesView }) {
  const text = useText()
  const { draft } = useApi()
  const fix = useCommand(draft.edit)
  const groups = ['block', 'warn', 'unknown', 'info', 'pass'] as const
  const of = (item: GateItem): (typeof groups)[number] => (item.info ? 'info' : item.missing ? 'unknown' : item.verdict)
  return (
    <Screen label={text('rule.pageGate')}>
      <ScreenHead
        level={2}
        title={text('rule.pageGate')}
        about={text('rule.pageGateAbout', { environment: view.environment })}
      />
      {fix.error && <ErrorNote error={fix.error} />}
      <div className={styles['verdicts']}>
        {groups.map(group => {
          const items = view.gate.items.filter(item => of(item) === group)
          if (items.length === 0) return null
          return (
            <section key={group}>
              <h3>
                {text(group === 'info' ? 'rule.pageInfo' : verdictLooks[group].word)} <small>{items.length}</small>
              </h3>
              <ul className={styles['items']}>
                {items.map((item, index) => (
                  <GateRow
                    // biome-ignore lint/suspicious/noArrayIndexKey: one rule may speak twice with the same words
                    key={`${item.rule} ${index}`}
                    item={item}
                    group={group}
                    onFix={item.fix ? () => void fix.run({ workspace, edits: [...(item.fix ?? [])] }) : null}
                    isFixing={fix.running}
                  />
                ))}
              </ul>
            </section>
          )
        })}
        {view.gate.items.length === 0 && <p className={styles['none']}>{text('rule.pageNothingToSay')}</p>}
      </div>
    </Screen>
  )
}

type RowProps = {
  item: GateItem
  group: 'block' | 'warn' | 'unknown' | 'info' | 'pass'
  onFix: (() => void) | null
  isFixing: boolean
}
function GateRow({ item, group, onFix, isFixing }: RowProps) {
  const text = useText()
  const say = useSay()
  const go = useNavigation(place => place.go)
  const look = group === 'info' ? { tone: 'info', icon: infoIcon } : verdictLooks[group]
  const Icon = look.icon
  return (
    <li className={styles['item']} data-tone={look.tone}>
      <Icon aria-hidden="true" />
      <div>
        <p>{say(item.message)}</p>
        <p className={styles['facts']}>
          <code>{item.rule}</code>
          {item.services.slice(0, 6).map(service => (
            <button
              key={service}
              type="button"
              onClick={() => go({ screen: 'topology', selection: { kind: 'node', id: service } })}
            >
              {service}
            </button>
          ))}
          {(item.evidence ?? []).slice(0, 3).map(({ file, line }) => (
            <span key={`${file}:${line}`}>
              <FileCode2 aria-hidden="true" />
              {file}:{line}
            </span>
          ))}
          {item.owner && <span>{text('rule.pageOwner', { owner: item.owner })}</span>}
          {!item.waivable && item.verdict === 'block' && <span>{text('page.draftGateHard')}</span>}
        </p>
      </div>
      {onFix && (
        <Button size="small" icon={Wrench} onClick={onFix} loading={isFixing}>
          {text('rule.pageFix')}
        </Button>
      )}
    </li>
  )
}
