import { create } from 'zustand'

type Overlay = 'palette' | 'help'

/** The two things that lie over everything; one at a time. */
export const useOverlay = create<{ open: Overlay | null }>(() => ({ open: null }))

export const overlays = {
  show: (overlay: Overlay) => useOverlay.setState({ open: overlay }),
  toggle: (overlay: Overlay) => useOverlay.setState(was => ({ open: was.open === overlay ? null : overlay })),
  close: () => useOverlay.setState({ open: null }),
}
