import { GitCompareArrows, Scale } from 'lucide-react'
import { useMemo } from 'react'
import type { ComparedRules, RuleChange } from '../../../shared/compare/contract.ts'
import type { GateItem, GateVerdict } from '../../../shared/gate/gate.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import {
  Badge,
  EmptyState,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import { GateBadge, lookOf } from '../draft/index.ts'
import styles from './compare.module.css'
import difference from './difference.module.css'
import { DifferenceTable } from './difference-table.tsx'
import { MadeBy } from './made-by.tsx'
import type { Makers } from './use-makers.ts'

const kinds: { readonly [K in RuleChange['kind']]: MessageKey } = {
  rule: 'compare.kind_rule',
  tree: 'compare.kind_tree',
  promise: 'compare.kind_promise',
  workspace: 'compare.kind_workspace',
}

/** Which rules, trees and promises differ, and what the gate says of both points and of the step between them. */
export function RulesTab({
  compared: { subjects, verdicts, gate },
  makers,
}: {
  compared: ComparedRules
  makers: Makers
}) {
  const text = useText()
  const words = useMemo(
    () => subjects.map(subject => ({ ...subject, word: text(kinds[subject.kind]) })),
    [subjects, text],
  )
  const same = subjects.length === 0 && verdicts.items.length === 0 && verdicts.before === verdicts.after
  return (
    <div className={styles['sheets']}>
      <section className={styles['sheet']} aria-label={text('compare.verdicts')}>
        <h3>
          <Scale aria-hidden="true" />
          {text('compare.verdicts')}
        </h3>
        <dl className={styles['verdicts']}>
          <Verdict label={text('compare.verdictAt', { point: 'A' })} verdict={verdicts.before} />
          <Verdict label={text('compare.verdictAt', { point: 'B' })} verdict={verdicts.after} />
          {gate && <Verdict label={text('compare.verdictStep')} verdict={gate.verdict} />}
        </dl>
        {verdicts.items.length === 0 ? (
          !same && <p className={styles['note']}>{text('compare.verdictSame')}</p>
        ) : (
          <Table label={text('compare.verdicts')} className={difference['table'] ?? ''} columns="verdicts" flush>
            <TableHead>
              <tr>
                <TableColumn>{text('compare.columnRule')}</TableColumn>
                <TableColumn>{text('compare.columnServices')}</TableColumn>
                <TableColumn>{text('compare.columnA')}</TableColumn>
                <TableColumn>{text('compare.columnB')}</TableColumn>
                <TableColumn>{text('compare.columnMadeBy')}</TableColumn>
              </tr>
            </TableHead>
            <TableBody>
              {verdicts.items.map(item => (
                <TableRow key={item.key}>
                  <TableCell>
                    <code className={difference['value']}>{item.rule}</code>
                  </TableCell>
                  <TableCell>{item.services.join(', ')}</TableCell>
                  <TableCell>
                    <Says item={item.before} />
                  </TableCell>
                  <TableCell>
                    <Says item={item.after} />
                  </TableCell>
                  <TableCell>
                    <div className={difference['inCell']}>
                      <MadeBy by={makers(item.key)} />
                    </div>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        )}
      </section>
      {words.length > 0 && (
        <section className={styles['sheet']} aria-label={text('compare.rulesChanged')}>
          <h3>{text('compare.rulesChanged')}</h3>
          <DifferenceTable label={text('compare.rulesChanged')} subjects={words} makers={makers} flush />
        </section>
      )}
      {same && <EmptyState compact icon={GitCompareArrows} sentence={text('compare.sameRules')} />}
    </div>
  )
}

function Verdict({ label, verdict }: { label: string; verdict: GateVerdict | null }) {
  const text = useText()
  return (
    <div>
      <dt>{label}</dt>
      <dd>{verdict === null ? text('compare.verdictNone') : <GateBadge verdict={verdict} />}</dd>
    </div>
  )
}

function Says({ item }: { item: GateItem | null }) {
  const text = useText()
  const say = useSay()
  if (!item) return <span className={difference['absent']}>{text('compare.saysNothing')}</span>
  const { icon, word, tone } = lookOf(item)
  return (
    <span className={styles['says']}>
      <Badge tone={tone} icon={icon}>
        {text(word)}
      </Badge>
      <span>
        <WithCode>{say(item.message)}</WithCode>
      </span>
    </span>
  )
}
