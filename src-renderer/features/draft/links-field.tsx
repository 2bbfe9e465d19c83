import { Plus, Search, X } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { DecisionLink, DecisionRelation } from '../../../shared/decisions/decision.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useQuery } from '../../connection/index.ts'
import { Button, IconButton, RelativeTime, Select, TextField, useText } from '../../design/index.ts'
import { linkTarget } from './link-target.ts'
import styles from './links-field.module.css'

type LinksFieldProps = {
  workspace: WorkspaceId
  links: readonly DecisionLink[]
  onChange(links: readonly DecisionLink[]): void
}

/** What a person may say of another decision; the rest follows from what they do. */
const sayable = ['supersedes', 'amends', 'links'] as const
type Sayable = (typeof sayable)[number]
const most = 8

/** Decisions that this one speaks of: picked by their words, each with how. */
export function LinksField({ workspace, links, onChange }: LinksFieldProps) {
  const text = useText()
  const [adding, setAdding] = useState(false)
  return (
    <div className={styles['links']}>
      {links.length > 0 && (
        <ul>
          {links.map((link, at) => (
            <li key={`${link.relation} ${link.target}`}>
              <Link
                workspace={workspace}
                link={link}
                onRelation={relation => onChange(links.with(at, { ...link, relation }))}
                onRemove={() => onChange(links.filter(other => other !== link))}
              />
            </li>
          ))}
        </ul>
      )}
      {adding ? (
        <Picker
          workspace={workspace}
          taken={links.map(({ target }) => target)}
          onPick={target => {
            onChange([...links, { relation: 'links', target }])
            setAdding(false)
          }}
          onClose={() => setAdding(false)}
        />
      ) : (
        <Button size="small" variant="ghost" icon={Plus} onClick={() => setAdding(true)}>
          {text('record.linkAdd')}
        </Button>
      )}
    </div>
  )
}

type LinkProps = {
  workspace: WorkspaceId
  link: DecisionLink
  onRelation(relation: DecisionRelation): void
  onRemove(): void
}

function Link({ workspace, link: { relation, target }, onRelation, onRemove }: LinkProps) {
  const text = useText()
  const { decisions } = useApi()
  const isPath = /\.(md|markdown)$/i.test(target)
  const { value, error } = useQuery(decisions.show, { workspace, decision: target }, { skip: isPath })
  const title = isPath ? target : (value?.summary.title ?? target)
  const own = sayable.find(each => each === relation)
  return (
    <>
      {own ? (
        <Select<Sayable>
          plain
          label={text('record.linkRelation')}
          value={own}
          onChange={onRelation}
          options={sayable.map(each => ({ value: each, label: text(`record.is_${each}`) }))}
        />
      ) : (
        <span className={styles['relation']}>{text(`record.is_${relation}`)}</span>
      )}
      <span className={styles['title']} title={title} data-wrong={error !== null || undefined}>
        {title}
      </span>
      <IconButton size="small" icon={X} label={text('record.linkRemove', { title })} onClick={onRemove} />
    </>
  )
}

type PickerProps = {
  workspace: WorkspaceId
  taken: readonly string[]
  onPick(target: string): void
  onClose(): void
}

function Picker({ workspace, taken, onPick, onClose }: PickerProps) {
  const text = useText()
  const { decisions } = useApi()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed.trim())
  const found = useLive(decisions.log, {
    workspace,
    limit: most + taken.length,
    decisionsOnly: true,
    ...(words !== '' && { text: words }),
  }).value
  const options = (found?.items ?? [])
    .map(item => ({ item, target: linkTarget(item) }))
    .filter(({ target }) => !taken.includes(target))
    .slice(0, most)
  return (
    <div className={styles['picker']}>
      <TextField
        autoFocus
        type="search"
        icon={Search}
        value={typed}
        onChange={setTyped}
        placeholder={text('record.linkSearch')}
        aria-label={text('record.linkSearch')}
        onKeyDown={event => {
          if (event.key === 'Escape') {
            event.stopPropagation()
            onClose()
          } else if (event.key === 'Enter' && options[0]) {
            event.preventDefault()
            event.stopPropagation()
            onPick(options[0].target)
          }
        }}
      />
      <ul aria-label={text('record.linkFound')}>
        {options.map(({ item, target }) => (
          <li key={item.id}>
            <button type="button" onClick={() => onPick(target)}>
              <span>{item.title}</span>
              <small>
                <RelativeTime at={item.author.time * 1000} />
              </small>
            </button>
          </li>
        ))}
      </ul>
      {found && options.length === 0 && <p>{text('page.decisionsNoMatch')}</p>}
    </div>
  )
}
