import { CornerDownRight, Flag, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { NodeField, TreeEdit } from '../../../shared/trees/edit-tree.ts'
import type { Tree } from '../../../shared/trees/read-tree.ts'
import { Button, Field, IconButton, Select, TextArea, TextField, useText } from '../../design/index.ts'
import styles from './rules-screen.module.css'

type Props = { tree: Tree; id: string; onEdit(edit: TreeEdit): void }

/** One question of a tree, or one of its ends, with everything the picture shows of it. */
export function TreeForm({ tree, id, onEdit }: Props) {
  return tree.nodes.has(id) ? (
    <QuestionForm key={id} tree={tree} id={id} onEdit={onEdit} />
  ) : (
    <OutcomeForm key={id} tree={tree} id={id} onEdit={onEdit} />
  )
}

const fields = [
  ['question', 'rule.treeQuestion'],
  ['dimension', 'rule.treeDimension'],
  ['expression', 'rule.treeExpression'],
] as const satisfies readonly (readonly [NodeField, string])[]

/** Lines of a field as it is usually filled. */
const rowsOf: { readonly [F in NodeField]: number } = { question: 2, dimension: 1, expression: 3 }

function QuestionForm({ tree, id, onEdit }: Props) {
  const text = useText()
  const node = tree.nodes.get(id)
  if (!node) return null
  const places = [
    ...[...tree.nodes.values()]
      .filter(other => other.id !== id)
      .map(other => ({ id: other.id, label: other.question })),
    ...[...tree.outcomes.values()].map(outcome => ({ id: outcome.id, label: outcome.title })),
  ].map(({ id: value, label }) => ({ value, label }))
  return (
    <div className={styles['treeForm']}>
      {fields.map(([field, label]) => (
        <Settled
          key={field}
          label={text(label)}
          rows={rowsOf[field]}
          value={node[field]}
          mono={field === 'expression'}
          onSettle={value => onEdit({ kind: 'set-node', id, field, value })}
        />
      ))}
      <h3>{text('rule.treeAnswers')}</h3>
      {Object.entries(node.branches).map(([answer, to]) => (
        <Field key={answer} label={answer}>
          <span className={styles['answer']}>
            <Select value={to} options={places} onChange={next => onEdit({ kind: 'point', id, answer, to: next })} />
            <IconButton
              icon={CornerDownRight}
              label={text('rule.treeAskBefore', { answer })}
              onClick={() => onEdit({ kind: 'ask-before', id, answer, question: text('rule.treeNewQuestion') })}
            />
            <IconButton
              icon={Flag}
              label={text('rule.treeEndHere', { answer })}
              onClick={() => onEdit({ kind: 'end-here', id, answer, title: text('rule.treeNewOutcome') })}
            />
            <IconButton
              icon={Trash2}
              label={text('rule.treeRemoveAnswer', { answer })}
              onClick={() => onEdit({ kind: 'remove-answer', id, answer })}
            />
          </span>
        </Field>
      ))}
      <NewAnswer onAdd={answer => onEdit({ kind: 'point', id, answer, to: Object.values(node.branches)[0] ?? id })} />
      <div>
        <Button icon={Trash2} variant="danger" onClick={() => onEdit({ kind: 'remove-node', id })}>
          {text('rule.treeRemoveQuestion')}
        </Button>
      </div>
    </div>
  )
}

function OutcomeForm({ tree, id, onEdit }: Props) {
  const text = useText()
  const outcome = tree.outcomes.get(id)
  if (!outcome) return null
  return (
    <div className={styles['treeForm']}>
      <Settled
        label={text('rule.treeOutcomeTitle')}
        rows={2}
        value={outcome.title}
        onSettle={title => onEdit({ kind: 'set-outcome', id, title })}
      />
      <ul>
        {outcome.recommendations.map(each => (
          <li key={each}>{each}</li>
        ))}
      </ul>
    </div>
  )
}

/** Text that counts once it is left or Enter is pressed: half a word is no edit. */
function Settled({
  label,
  rows,
  value,
  mono = false,
  onSettle,
}: {
  label: string
  rows: number
  value: string
  mono?: boolean
  onSettle(value: string): void
}) {
  const [typed, setTyped] = useState<string | null>(null)
  const settle = () => {
    const next = typed?.trim()
    setTyped(null)
    if (next && next !== value) onSettle(next)
  }
  return (
    <Field label={label}>
      <TextArea
        rows={rows}
        mono={mono}
        value={typed ?? value}
        onChange={setTyped}
        onBlur={settle}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.shiftKey) return
          event.preventDefault()
          settle()
        }}
      />
    </Field>
  )
}

function NewAnswer({ onAdd }: { onAdd(answer: string): void }) {
  const text = useText()
  const [answer, setAnswer] = useState('')
  const add = () => {
    if (answer.trim() === '') return
    onAdd(answer.trim())
    setAnswer('')
  }
  return (
    <Field label={text('rule.treeNewAnswer')} optional>
      <span className={styles['answer']}>
        <TextField
          value={answer}
          onChange={setAnswer}
          onKeyDown={event => {
            if (event.key === 'Enter') add()
          }}
        />
        <Button
          size="small"
          onClick={add}
          disabledReason={answer.trim() === '' ? text('rule.treeNewAnswer') : undefined}
        >
          {text('rule.treeAddAnswer')}
        </Button>
      </span>
    </Field>
  )
}
