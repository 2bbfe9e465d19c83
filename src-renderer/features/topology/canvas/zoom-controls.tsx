import { useReactFlow, useStore, useStoreApi } from '@xyflow/react'
import { Maximize, Minus, Plus } from 'lucide-react'
import { IconButton, useFormat, useText } from '../../../design/index.ts'
import { useCanvas } from '../topology-context.ts'
import { calm, fitAll } from './keep-fitted.tsx'
import styles from './topology-canvas.module.css'

export function ZoomControls({ moved }: { moved: React.RefObject<boolean> }) {
  const text = useText()
  const format = useFormat()
  const { picture } = useCanvas()
  const flow = useReactFlow()
  const { zoomIn, zoomOut, zoomTo } = flow
  const store = useStoreApi()
  const zoom = useStore(state => Math.round(state.transform[2] * 100) / 100)
  return (
    <div className={styles['zoom']} role="toolbar" aria-label={text('page.topologyZoom')}>
      <IconButton
        size="small"
        icon={Minus}
        tooltipSide="top"
        label={text('page.topologyZoomOut')}
        onClick={() => {
          moved.current = true
          void zoomOut({ duration: calm() })
        }}
      />
      <button
        type="button"
        className={styles['percent']}
        aria-label={text('page.topologyZoomReset', { zoom: format.percent(zoom) })}
        onClick={() => {
          moved.current = true
          void zoomTo(1, { duration: calm() })
        }}
      >
        {format.percent(zoom)}
      </button>
      <IconButton
        size="small"
        icon={Plus}
        tooltipSide="top"
        label={text('page.topologyZoomIn')}
        onClick={() => {
          moved.current = true
          void zoomIn({ duration: calm() })
        }}
      />
      <IconButton
        size="small"
        icon={Maximize}
        tooltipSide="top"
        label={text('page.topologyFit')}
        shortcut="f"
        onClick={() => {
          moved.current = false
          const { width, height } = store.getState()
          fitAll(flow, picture.store.getState().positions, { width, height }, calm())
        }}
      />
    </div>
  )
}
