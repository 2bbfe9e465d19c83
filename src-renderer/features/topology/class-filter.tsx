import { EyeOff, ListFilter } from 'lucide-react'
import { Button, Menu, useText } from '../../design/index.ts'
import { hiddenByDefault } from './model/edge-classes.ts'
import { classWords } from './model/words.ts'
import { usePicture, useTopology } from './topology-context.ts'

/** Which kinds of dependency are drawn, and how many are not. */
export function ClassFilter({ narrow }: { narrow: boolean }) {
  const text = useText()
  const { picture } = useTopology()
  const role = usePicture(state => state.role)
  const hidden = usePicture(state => state.hidden)
  const label =
    role.hiddenEdges > 0 ? text('page.topologyHidden', { count: role.hiddenEdges }) : text('page.topologyAllShown')
  const changed = hidden.size !== hiddenByDefault.size || [...hidden].some(name => !hiddenByDefault.has(name))
  return (
    <Menu
      align="end"
      items={[
        { kind: 'heading', label: text('page.topologyShowClasses') },
        ...role.classes.map(({ name, edges }) => ({
          label: text(classWords[name]),
          hint: text('page.topologyEdgeCount', { count: edges }),
          checked: !hidden.has(name),
          run: () => {
            const next = new Set(hidden)
            if (!next.delete(name)) next.add(name)
            picture.setHidden(next)
          },
        })),
        { kind: 'separator' },
        {
          label: text('page.topologyShowAll'),
          disabled: role.hiddenEdges === 0,
          run: () => picture.setHidden(new Set()),
        },
        { label: text('page.topologyShowUsual'), disabled: !changed, run: () => picture.setHidden(hiddenByDefault) },
      ]}
    >
      <Button size="small" variant="ghost" icon={role.hiddenEdges > 0 ? EyeOff : ListFilter} aria-label={label}>
        {narrow ? (role.hiddenEdges > 0 ? String(role.hiddenEdges) : '') : label}
      </Button>
    </Menu>
  )
}
