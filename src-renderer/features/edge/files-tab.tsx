import { ArrowUp, Download, File, FileSymlink, Folder, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { fromBase64 } from '../../../shared/edge/base64.ts'
import { type FileEntry, mostFileBytes } from '../../../shared/edge/contract.ts'
import { plainText } from '../../../shared/edge/plain-text.ts'
import { AppError } from '../../../shared/errors.ts'
import { useApi, useCommand, useQuery } from '../../connection/index.ts'
import {
  Button,
  Callout,
  EmptyState,
  ErrorNote,
  ErrorState,
  IconButton,
  SplitPane,
  saveFile,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  useFormat,
  useText,
} from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'
import { Waiting } from './rows-pane.tsx'

/** What is shown of a file, and what can be taken along through the page. */
const mostShown = mostFileBytes
const mostTaken = 256 * 1024 * 1024
const icons = { folder: Folder, link: FileSymlink, file: File, device: File, pipe: File, socket: File } as const

const join = (folder: string, name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`)
const parent = (folder: string): string => folder.replace(/\/[^/]*$/, '') || '/'

/** Files over SFTP: to look at and to take along. Names and contents are text, whatever they hold. */
export function FilesTab({ of }: { of: OfNode }) {
  const text = useText()
  const format = useFormat()
  const [path, setPath] = useState('.')
  const [chosen, setChosen] = useState<{ readonly path: string; readonly entry: FileEntry } | null>(null)
  const asked = useQuery(useApi().edge.folder, { ...of, path })
  const go = (next: string) => {
    setPath(next)
    setChosen(null)
  }
  if (asked.status === 'failed' && asked.error)
    return (
      <ErrorState
        error={asked.error}
        title={text('edge.filesFailed')}
        onRetry={asked.retry}
        action={path === '.' ? undefined : <Button onClick={() => go('.')}>{text('edge.filesHome')}</Button>}
      />
    )
  if (!asked.value) return <Waiting />
  const { entries, more, path: here } = asked.value
  const open = (entry: FileEntry) => {
    const full = join(here, entry.name)
    // Where a link leads is known when it is gone to.
    if (entry.kind === 'folder') go(full)
    else setChosen({ path: full, entry })
  }
  return (
    <div className={styles['pane']}>
      <div className={styles['toolbar']}>
        <IconButton
          icon={ArrowUp}
          label={text('edge.filesUp')}
          disabled={here === '/'}
          onClick={() => go(parent(here))}
        />
        <Crumbs path={here} onGo={go} />
        <span className={styles['asOf']}>{text('edge.fileCount', { count: entries.length })}</span>
        <IconButton icon={RotateCw} label={text('edge.askNow')} onClick={asked.retry} />
      </div>
      {more && (
        <div className={styles['notes']}>
          <Callout tone="warn">{text('edge.filesMore', { count: entries.length })}</Callout>
        </div>
      )}
      <SplitPane
        direction="column"
        label={text('edge.fileHeight')}
        initial={280}
        min={140}
        max={900}
        minMain={140}
        side={chosen && <FileView key={chosen.path} of={of} {...chosen} onFolder={() => go(chosen.path)} />}
        main={
          entries.length === 0 ? (
            <EmptyState icon={Folder} sentence={text('edge.filesEmpty')} />
          ) : (
            <Table label={text('edge.tabFiles')} className={styles['fill'] ?? ''}>
              <TableHead>
                <tr>
                  <TableColumn>{text('edge.columnName')}</TableColumn>
                  <TableColumn end>{text('edge.columnSize')}</TableColumn>
                  <TableColumn>{text('edge.columnMode')}</TableColumn>
                  <TableColumn end>{text('edge.columnModified')}</TableColumn>
                </tr>
              </TableHead>
              <TableBody>
                {entries.map(entry => {
                  const Icon = icons[entry.kind]
                  return (
                    <TableRow
                      key={entry.name}
                      selected={chosen?.entry.name === entry.name}
                      onSelect={() => open(entry)}
                    >
                      <TableCell>
                        <span className={styles['fileName']} data-kind={entry.kind}>
                          <Icon aria-hidden="true" />
                          <bdi>{entry.shown}</bdi>
                        </span>
                      </TableCell>
                      <TableCell end>{entry.kind === 'file' ? format.bytes(entry.size) : ''}</TableCell>
                      <TableCell className={styles['mono'] ?? ''}>{entry.mode.toString(8).padStart(4, '0')}</TableCell>
                      <TableCell end>{format.dateTime(entry.modified)}</TableCell>
                    </TableRow>
                  )
                })}
              </TableBody>
            </Table>
          )
        }
      />
    </div>
  )
}

function Crumbs({ path, onGo }: { path: string; onGo(path: string): void }) {
  const text = useText()
  const names = path.split('/').filter(Boolean)
  return (
    <nav className={styles['crumbs']} aria-label={text('edge.filesPath')}>
      <button type="button" onClick={() => onGo('/')}>
        /
      </button>
      {names.map((name, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a path's parts are where they are
        <button key={index} type="button" onClick={() => onGo(`/${names.slice(0, index + 1).join('/')}`)}>
          <bdi>{plainText(name, 80)}</bdi>
        </button>
      ))}
    </nav>
  )
}

/** The beginning of a file as text, or that it is none; all of it to take along. */
function FileView({ of, path, entry, onFolder }: { of: OfNode; path: string; entry: FileEntry; onFolder(): void }) {
  const api = useApi()
  const text = useText()
  const format = useFormat()
  const asked = useQuery(api.edge.file, { ...of, path, offset: 0, length: mostShown })
  const taking = useCommand(async (_: object, options?: { readonly signal: AbortSignal }) => {
    const parts: Uint8Array<ArrayBuffer>[] = []
    for (let offset = 0; ; ) {
      const { bytes, size } = await api.edge.file({ ...of, path, offset, length: mostFileBytes }, options)
      if (size > mostTaken)
        throw new AppError('unsupported', 'edge.fileTooLarge', { path: entry.shown, most: format.bytes(mostTaken) })
      const part = fromBase64(bytes)
      parts.push(part)
      offset += part.length
      if (part.length === 0 || offset >= size) break
    }
    saveFile(entry.shown.replace(/[/\\:*?"<>|\ufffd]/g, '_'), new Blob(parts))
  })
  const bytes = asked.value && fromBase64(asked.value.bytes)
  const isText = bytes && !bytes.subarray(0, 8000).includes(0)
  // A link may lead to a folder: what it is was not known before.
  const isFolder = asked.error?.key === 'edge.notAFile' && entry.kind === 'link'
  return (
    <section className={styles['file']} aria-label={entry.shown}>
      <header>
        <strong>
          <bdi>{entry.shown}</bdi>
        </strong>
        {asked.value && <small>{format.bytes(asked.value.size)}</small>}
        {asked.value && bytes && asked.value.size > bytes.length && (
          <small>{text('edge.fileBeginning', { shown: format.bytes(bytes.length) })}</small>
        )}
        <span className={styles['grow']} />
        {isFolder && <Button onClick={onFolder}>{text('edge.fileOpenFolder')}</Button>}
        <Button
          size="small"
          icon={Download}
          loading={taking.running}
          disabled={!asked.value}
          onClick={() => void taking.run({})}
        >
          {text('edge.fileTake')}
        </Button>
      </header>
      <ErrorNote error={taking.error} />
      {asked.status === 'failed' && asked.error ? (
        isFolder ? null : (
          <ErrorNote error={asked.error} onRetry={asked.retry} />
        )
      ) : !bytes ? (
        <Waiting />
      ) : isText ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
        <pre tabIndex={0}>{linesOf(new TextDecoder().decode(bytes))}</pre>
      ) : (
        <EmptyState compact sentence={text('edge.fileBinary')} />
      )}
    </section>
  )
}

/** A text with its lines and tabs, where nothing else acts. */
const linesOf = (text: string): string =>
  text
    .split('\n')
    .map(line =>
      line
        .split('\t')
        .map(part => plainText(part.replace(/\r$/, ''), 20_000))
        .join('\t'),
    )
    .join('\n')
