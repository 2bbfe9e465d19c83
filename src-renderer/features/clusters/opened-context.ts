import { create } from 'zustand'

/** The context that the Clusters screen shows; null for the one of the environment. */
export const useOpenedContext = create<{ readonly name: string | null; open(name: string | null): void }>()(set => ({
  name: null,
  open: name => set({ name }),
}))
