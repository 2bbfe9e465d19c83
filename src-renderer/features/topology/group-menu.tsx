import { Boxes } from 'lucide-react'
import { Button, Menu, useText } from '../../design/index.ts'
import { groupingWords } from './group-name.ts'
import { rememberGrouping } from './remembered-grouping.ts'
import { usePicture, useTopology } from './topology-context.ts'

/** What services are gathered by; the choice is kept for this environment in this browser. */
export function GroupMenu({ narrow }: { narrow: boolean }) {
  const text = useText()
  const { picture, workspace, environment } = useTopology()
  const grouping = usePicture(state => state.grouping)
  const choices = usePicture(state => state.choices)
  const groups = usePicture(state => state.groups.groups)
  const open = usePicture(state => state.open)
  if (choices.length === 0) return null
  const label = grouping === 'none' ? text('scale.notGrouped') : text(groupingWords[grouping])
  const choose = (by: typeof grouping) => {
    rememberGrouping(workspace, environment, by)
    picture.setGrouping(by)
  }
  const closed = [...groups.keys()].filter(id => !open.has(id))
  const opened = [...open].filter(id => groups.has(id))
  return (
    <Menu
      align="end"
      items={[
        { kind: 'heading', label: text('scale.groupBy') },
        { label: text('scale.notGrouped'), checked: grouping === 'none', run: () => choose('none') },
        ...choices.map(choice => ({
          label: text(groupingWords[choice.by]),
          hint: text('scale.groupCount', { count: choice.groups }),
          checked: grouping === choice.by,
          run: () => choose(choice.by),
        })),
        { kind: 'separator' },
        {
          label: text('scale.openAll'),
          shortcut: 'Shift+E',
          disabled: closed.length === 0,
          run: () => picture.toggle(...closed),
        },
        { label: text('scale.closeAll'), disabled: opened.length === 0, run: () => picture.toggle(...opened) },
      ]}
    >
      <Button size="small" variant="ghost" icon={Boxes} aria-label={text('scale.groupedAs', { by: label })}>
        {narrow ? '' : label}
      </Button>
    </Menu>
  )
}
