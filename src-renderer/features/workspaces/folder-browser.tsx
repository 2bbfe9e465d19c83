import { ArrowUp, Folder, FolderGit2 } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import type { FolderEntry } from '../../../shared/host/contract.ts'
import { useApi } from '../../connection/api.ts'
import { useQuery } from '../../connection/use-query.ts'
import { IconButton } from '../../design/button.tsx'
import { TextField } from '../../design/field.tsx'
import { Skeleton } from '../../design/spinner.tsx'
import { useSay, useText } from '../../design/text.ts'
import styles from './folder-browser.module.css'

export type FolderBrowserProps = {
  /** The folder that is looked at. */
  directory: string
  onDirectory(directory: string): void
  /** The folder the person means: the marked one, else the one looked at. */
  onChosen(chosen: { readonly directory: string; readonly repository: boolean }): void
  /** Enter on, or a double click of, a repository. */
  onOpen(directory: string): void
  list: RefObject<HTMLDivElement | null>
}

/** Folders of the machine the core runs on. Arrow keys move, Enter goes in, Backspace goes up, letters jump. */
export function FolderBrowser({ directory, onDirectory, onChosen, onOpen, list }: FolderBrowserProps) {
  const api = useApi()
  const text = useText()
  const say = useSay()
  const id = useId()
  const typed = useRef({ letters: '', at: 0 })
  const [address, setAddress] = useState(directory)
  const [marked, setMarked] = useState(-1)
  const folders = useQuery(api.host.folders, { directory })
  const entries = folders.value?.entries ?? []
  const here = folders.value?.directory ?? directory

  useEffect(() => setAddress(here), [here])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another folder has other entries
  useEffect(() => setMarked(-1), [directory])
  const entry = entries[marked]
  const chosen = entry ? join(here, entry.name) : here
  const isRepository = entry?.repository ?? false
  // biome-ignore lint/correctness/useExhaustiveDependencies: told about the choice, not about a new listener
  useEffect(() => onChosen({ directory: chosen, repository: isRepository }), [chosen, isRepository])
  useEffect(() => {
    if (marked >= 0) document.getElementById(`${id}-${marked}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, marked])

  const goUp = () => {
    if (folders.value?.parent != null) onDirectory(folders.value.parent)
  }
  const enter = (into: FolderEntry) => {
    if (into.repository) onOpen(join(here, into.name))
    else onDirectory(join(here, into.name))
  }
  const jump = (letter: string) => {
    const now = Date.now()
    const letters = (now - typed.current.at < 700 ? typed.current.letters : '') + letter.toLowerCase()
    typed.current = { letters, at: now }
    const found = entries.findIndex(each => each.name.toLowerCase().startsWith(letters))
    if (found >= 0) setMarked(found)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const last = entries.length - 1
    if (event.key === 'ArrowDown') setMarked(Math.min(last, marked + 1))
    else if (event.key === 'ArrowUp') setMarked(Math.max(0, marked - 1))
    else if (event.key === 'Home') setMarked(0)
    else if (event.key === 'End') setMarked(last)
    else if (event.key === 'Backspace' || event.key === 'ArrowLeft') goUp()
    else if (event.key === 'ArrowRight' && entry) onDirectory(join(here, entry.name))
    else if (event.key === 'Enter' && entry) enter(entry)
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== ' ') jump(event.key)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div className={styles['browser']}>
      <div className={styles['bar']}>
        <IconButton
          icon={ArrowUp}
          variant="default"
          label={text('app.parentFolder')}
          disabled={folders.value?.parent == null}
          onClick={goUp}
        />
        <TextField
          aria-label={text('app.folder')}
          mono
          value={address}
          onChange={setAddress}
          onKeyDown={event => {
            if (event.key !== 'Enter') return
            event.preventDefault()
            onDirectory(address)
            list.current?.focus()
          }}
          onBlur={() => {
            if (address !== here) onDirectory(address)
          }}
        />
      </div>
      <div
        ref={list}
        role="listbox"
        tabIndex={0}
        aria-label={text('app.foldersIn', { directory: here })}
        aria-activedescendant={entry ? `${id}-${marked}` : undefined}
        className={styles['list']}
        onKeyDown={onKeyDown}
      >
        {folders.status === 'failed' && folders.error ? (
          <p className={styles['placeholder']} role="alert">
            {say(folders.error)}
          </p>
        ) : folders.status === 'loading' ? (
          [62, 48, 71, 40, 55].map(width => (
            <div key={width} className={styles['entry']}>
              <Skeleton width={`${width}%`} />
            </div>
          ))
        ) : entries.length === 0 ? (
          <p className={styles['placeholder']}>{text('app.noFolders')}</p>
        ) : (
          entries.map((each, index) => {
            const Icon = each.repository ? FolderGit2 : Folder
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys; an option is not focused itself
              <div
                key={each.name}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === marked}
                data-repository={each.repository || undefined}
                className={styles['entry']}
                onClick={() => setMarked(index)}
                onDoubleClick={() => enter(each)}
              >
                <Icon aria-hidden="true" />
                <span>{each.name}</span>
                {each.repository && <small>{text('app.repository')}</small>}
              </div>
            )
          })
        )}
      </div>
    </div>
  )
}

const join = (directory: string, name: string): string => {
  const separator = directory.includes('\\') && !directory.includes('/') ? '\\' : '/'
  return directory.endsWith(separator) ? `${directory}${name}` : `${directory}${separator}${name}`
}
