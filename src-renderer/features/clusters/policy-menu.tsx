import { Eye, LockKeyhole, LockKeyholeOpen, PencilLine, ShieldEllipsis, Unplug } from 'lucide-react'
import { useState } from 'react'
import type { ContextView, Policy } from '../../../shared/clusters/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { Button, ConfirmDialog, ErrorNote, Menu, type MenuItem, useText } from '../../design/index.ts'

const policyWords = {
  open: 'live.policyOpen',
  protected: 'live.policyProtected',
  'read-only': 'live.policyReadOnly',
} as const

/** What may be done through a context: marked here for this machine; a protected one is unlocked by its name. */
export function PolicyMenu({ context }: { context: ContextView }) {
  const text = useText()
  const api = useApi()
  const set = useCommand(api.clusters.setPolicy)
  const unlock = useCommand(api.clusters.unlock)
  const disallow = useCommand(api.clusters.disallow)
  const [asking, setAsking] = useState(false)
  const { name, policy } = context
  const byWorkspace = context.policyFrom === 'workspace'
  const choice = (value: Policy, label: string, hint: string, icon: typeof Eye): MenuItem => ({
    label,
    hint,
    icon,
    checked: policy === value,
    run: () => void set.run({ context: name, policy: value }),
    ...(value === 'open' && byWorkspace && { disabledReason: text('live.policyByWorkspace') }),
  })
  return (
    <>
      {policy === 'protected' && context.unlockedUntil === null && (
        <Button size="small" icon={LockKeyholeOpen} onClick={() => setAsking(true)}>
          {text('live.unlock')}
        </Button>
      )}
      <Menu
        align="end"
        items={[
          choice('open', text('live.policyOpen'), text('live.policyOpenMeaning'), PencilLine),
          choice('protected', text('live.policyProtected'), text('live.policyProtectedMeaning'), LockKeyhole),
          choice('read-only', text('live.policyReadOnly'), text('live.policyReadOnlyMeaning'), Eye),
          { kind: 'separator' },
          {
            label: text('live.disconnect'),
            icon: Unplug,
            run: () => void disallow.run({ context: name }),
            ...(context.sandbox && { disabledReason: text('live.sandboxStays') }),
          },
        ]}
      >
        <Button size="small" icon={ShieldEllipsis} aria-label={`${text('live.policy')}: ${text(policyWords[policy])}`}>
          {text(policyWords[policy])}
        </Button>
      </Menu>
      <ErrorNote error={set.error ?? disallow.error} />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text('live.unlockTitle', { context: name })}
        description={text('live.unlockMeaning')}
        confirm={text('live.unlock')}
        loading={unlock.running}
        typeToConfirm={{ label: text('live.unlockType', { context: name }), value: name }}
        onConfirm={async () => {
          await unlock.run({ context: name, typed: name })
          setAsking(false)
        }}
      >
        <ErrorNote error={unlock.error} />
      </ConfirmDialog>
    </>
  )
}
