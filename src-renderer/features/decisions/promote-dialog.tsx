import { FastForward, GitBranch, GitCommitHorizontal, Layers } from 'lucide-react'
import { useState } from 'react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import type { PromotionTarget } from '../../../shared/draft/contract.ts'
import type { PromotionView } from '../../../shared/draft/draft.ts'
import type { PromotionRow } from '../../../shared/edits/plan-promotion.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useNavigation, useQuery } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  Dialog,
  EmptyState,
  ErrorNote,
  ErrorState,
  Field,
  Loading,
  Select,
  Skeleton,
  TextArea,
  type Tone,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import styles from './field-rows.module.css'
import { useDrafting } from './use-drafting.ts'

type PromoteDialogProps = { workspace: WorkspaceId; summary: DecisionSummary; onClose(): void }

/** Brings a decision to another environment, as a draft, or to another branch; first what differs between them. */
export function PromoteDialog({ workspace, summary, onClose }: PromoteDialogProps) {
  const text = useText()
  const { workspaces } = useApi()
  const environments = useQuery(workspaces.environments, { workspace }).value
  const revisions = useQuery(workspaces.revisions, { workspace }).value
  const branch = useLive(workspaces.status, { workspace }).value?.branch ?? null
  const [chosen, setChosen] = useState<string | null>(null)
  const branches = (revisions ?? []).filter(({ kind, name }) => kind === 'branch' && name !== branch)
  const options = [
    ...(environments ?? []).map(({ id }) => ({ value: `environment ${id}`, label: id, icon: Layers })),
    ...branches.map(({ name }) => ({ value: `branch ${name}`, label: name, icon: GitBranch })),
  ]
  const to: PromotionTarget | null =
    chosen === null
      ? null
      : chosen.startsWith('branch ')
        ? { branch: chosen.slice('branch '.length) }
        : { environment: chosen.slice('environment '.length) }
  const { draft } = useApi()
  const plan = useQuery(
    draft.planPromotion,
    { workspace, decision: summary.id, to: to ?? { branch: '-' } },
    { skip: !to },
  )
  return (
    <Promotion workspace={workspace} title={summary.title} to={to} plan={plan.value} onClose={onClose}>
      <Field label={text('record.promoteTo')}>
        <Select
          value={chosen}
          onChange={setChosen}
          options={options}
          placeholder={text('record.promoteChoose')}
          disabled={options.length === 0}
        />
      </Field>
      {environments && revisions && options.length === 0 ? (
        <EmptyState compact icon={Layers} sentence={text('record.promoteNowhere')} />
      ) : plan.status === 'failed' && plan.error ? (
        <ErrorState error={plan.error} onRetry={plan.retry} />
      ) : to && !plan.value ? (
        <Loading>
          <Skeleton width="70%" />
          <Skeleton width="52%" />
        </Loading>
      ) : (
        plan.value && <Rows rows={plan.value.rows} />
      )}
    </Promotion>
  )
}

type PromotionProps = {
  workspace: WorkspaceId
  title: string
  to: PromotionTarget | null
  plan: PromotionView | null
  onClose(): void
  children: React.ReactNode
}

function Promotion({ workspace, title, to, plan, onClose, children }: PromotionProps) {
  const text = useText()
  const toasts = useToasts()
  const { draft } = useApi()
  const drafting = useDrafting(workspace)
  const publish = useCommand(draft.publish)
  const setEnvironment = useNavigation(place => place.setEnvironment)
  const environment = useNavigation(place => place.environment)
  const [why, setWhy] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const edits = plan ? [...plan.edits] : []
  const isBranch = to !== null && 'branch' in to
  const impossible = plan?.rows.some(({ state }) => state === 'impossible') ?? false

  async function start() {
    if (!plan || !to || edits.length === 0) return
    const links = [{ relation: 'promotes' as const, target: plan.promotes }]
    const kind = plan.kind ?? 'record'
    setProblem(null)
    if ('branch' in to) {
      if (why.trim() === '') return setProblem(text('page.draftWhyMissing'))
      const made = await publish.run({
        workspace,
        changeSetId: null,
        edits,
        title: plan.title,
        why: why.trim(),
        kind,
        links,
        target: { kind: 'branch', name: to.branch },
        push: false,
      })
      if (!made) return
      if (made.kind !== 'published') return setProblem(text('record.promoteRefused', { branch: to.branch }))
      toasts.show({
        tone: 'ok',
        title: text('record.promotedToBranch', { branch: to.branch }),
        detail: made.commit.slice(0, 8),
      })
      return onClose()
    }
    if (!(await drafting.add(edits, { title: plan.title, kind, links }, text('record.promoteDraftedHint')))) return
    if (to.environment !== environment) setEnvironment(to.environment)
    onClose()
  }

  return (
    <Dialog
      open
      size="large"
      onOpenChange={open => !open && onClose()}
      title={text('record.promoteDialog', { title })}
      description={text('record.promoteDescription')}
      onSubmit={() => void start()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button
            type="submit"
            variant="primary"
            icon={isBranch ? GitCommitHorizontal : FastForward}
            disabled={edits.length === 0}
            loading={drafting.running || publish.running}
          >
            {text(isBranch ? 'record.promoteCommit' : impossible ? 'history.revertRest' : 'history.revertToDraft')}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        {children}
        {plan && edits.length === 0 && <Callout tone="info">{text('record.promotedAlready')}</Callout>}
        {isBranch && edits.length > 0 && (
          <Field label={text('page.draftWhy')} error={problem}>
            <TextArea rows={3} value={why} onChange={setWhy} />
          </Field>
        )}
        <ErrorNote error={drafting.error ?? publish.error} />
      </div>
    </Dialog>
  )
}

const tones: { readonly [K in PromotionRow['state']]: Tone } = { change: 'info', same: 'ok', impossible: 'warn' }

/** Each field the decision touched: what it is there, and what it will be. */
function Rows({ rows }: { rows: readonly PromotionRow[] }) {
  const text = useText()
  const say = useSay()
  return (
    <table className={styles['rows']} aria-label={text('record.promoteRows')}>
      <thead>
        <tr>
          <th scope="col">{text('history.revertField')}</th>
          <th scope="col">{text('record.promoteThere')}</th>
          <th scope="col">{text('record.promoteNext')}</th>
          <th scope="col">{text('record.promoteState')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ object, field, there, next, state, reason }) => (
          <tr key={`${object} ${field}`} data-state={state}>
            <th scope="row">
              <code>{field || object}</code>
              {field && <small>{object}</small>}
            </th>
            <td>{there ?? '–'}</td>
            <td>{next ?? '–'}</td>
            <td>
              <Badge tone={tones[state]}>{text(`record.promote_${state}`)}</Badge>
              {reason && <small>{say(reason)}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
