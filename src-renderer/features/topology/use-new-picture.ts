import { useEffect, useState } from 'react'
import { layoutsInWorker } from './layout/layout-in-worker.ts'
import { placesOf } from './layout/places.ts'
import { takeLayoutWorker } from './layout/worker-ahead.ts'
import { createPicture, type Picture } from './picture.ts'
import { rememberedGrouping } from './remembered-grouping.ts'

/** One picture an environment, with its worker; it goes when the screen goes. Null for a moment at the start. */
export function useNewPicture(workspace: string, environment: string): Picture | null {
  const [picture, setPicture] = useState<Picture | null>(null)
  useEffect(() => {
    const layouts = layoutsInWorker(takeLayoutWorker)
    const made = createPicture(layouts, placesOf(workspace, environment), {
      grouping: rememberedGrouping(workspace, environment),
      placesIn: grouping => placesOf(workspace, environment, grouping),
    })
    setPicture(made)
    return () => {
      made[Symbol.dispose]()
      layouts[Symbol.dispose]()
      setPicture(null)
    }
  }, [workspace, environment])
  return picture
}
