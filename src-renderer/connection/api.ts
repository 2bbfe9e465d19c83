import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { Api } from '../../shared/contract/index.ts'
import type { Connection, Line } from './connection.ts'

const ConnectionContext = createContext<Connection | null>(null)
export const ConnectionProvider = ConnectionContext.Provider

export function useConnection(): Connection {
  const connection = useContext(ConnectionContext)
  if (!connection) throw new Error('useConnection outside ConnectionProvider')
  return connection
}

/** Everything the page may ask of the core. The same object for the life of the page, so its methods are stable. */
export const useApi = (): Api => useConnection().api

/** Is there a line to the core just now? */
export const useLine = (): Line => useStore(useConnection().line)
