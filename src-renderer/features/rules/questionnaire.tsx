import type { Tree } from '../../../shared/trees/read-tree.ts'
import type { Walk } from '../../../shared/trees/walk-tree.ts'
import { Field, Segmented, TextField, useText } from '../../design/index.ts'
import styles from './rules-screen.module.css'
import type { Answer, Answers } from './tree-screen.tsx'

type Props = { tree: Tree; walk: Walk; known: Answers; answers: Answers; onAnswers(answers: Answers): void }

/** The facts that the walk came by and those it waits for: known ones are shown, the rest is asked. */
export function Questionnaire({ tree, walk, known, answers, onAnswers }: Props) {
  const text = useText()
  const read = walk.path.flatMap(({ node }) => tree.nodes.get(node)?.program.reads ?? [])
  const asked = [...new Set([...read, ...walk.missing])].filter(fact => tree.facts.has(fact))
  const last = walk.path.at(-1)
  return (
    <div className={styles['questions']}>
      <h3>{text('rule.pageQuestions')}</h3>
      {asked.map(fact => {
        const {
          question,
          type,
          choices = [],
          unit,
          help,
        } = tree.facts.get(fact) as NonNullable<ReturnType<Tree['facts']['get']>>
        const value: Answer | undefined = answers[fact] ?? known[fact]
        const set = (answer: Answer): void => onAnswers({ ...answers, [fact]: answer })
        const options =
          type === 'boolean'
            ? [
                { value: 'true', label: text('rule.pageYes') },
                { value: 'false', label: text('rule.pageNo') },
              ]
            : choices.map(choice => ({ value: choice, label: choice }))
        return (
          <Field
            key={fact}
            label={question}
            hint={[
              unit,
              help,
              answers[fact] === undefined && known[fact] !== undefined ? text('rule.pageKnown') : undefined,
            ]
              .filter(part => part !== undefined)
              .join(' · ')}
          >
            {type === 'number' ? (
              <TextField
                inputMode="decimal"
                placeholder={text('rule.pageUnknown')}
                value={value === undefined ? '' : String(value)}
                onChange={typed => onAnswers(withNumber(answers, fact, typed))}
              />
            ) : (
              <Segmented
                label={question}
                size="small"
                value={value === undefined ? '' : String(value)}
                onChange={choice => set(type === 'boolean' ? choice === 'true' : choice)}
                options={options}
              />
            )}
          </Field>
        )
      })}
      {walk.stopped && last && <p className={styles['none']}>{text('rule.pageWaits', { question: last.question })}</p>}
    </div>
  )
}

/** What was typed as a number, as far as it is one; nothing makes the fact unknown again. */
function withNumber(answers: Answers, fact: string, typed: string): Answers {
  const { [fact]: _, ...rest } = answers
  const number = Number(typed.replace(',', '.'))
  if (typed.trim() === '' || !Number.isFinite(number)) return rest
  // A point at the end is on its way to be more.
  return { ...rest, [fact]: typed.endsWith('.') ? typed : number }
}
