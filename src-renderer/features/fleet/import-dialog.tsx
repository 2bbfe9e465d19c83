import { FileUp } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { edgeFolder } from '../../../shared/edge/edge-schema.ts'
import { readEdgeFile } from '../../../shared/edge/read-edge.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import { edgeNodesText, type ImportedNode, nodeName, readInventory } from '../../../shared/fleet/import-nodes.ts'
import { useApi, useCommand, useLive, useQuery } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Checkbox,
  Dialog,
  EmptyState,
  ErrorNote,
  Field,
  Loading,
  Segmented,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  TextArea,
  useText,
  useToasts,
} from '../../design/index.ts'
import styles from './import-dialog.module.css'

type Source = 'ssh' | 'text'
type Row = ImportedNode & { readonly as: string; readonly says: string }

const file = `${edgeFolder}/nodes.yaml`
const example = '[porto]\nboard-[01:12] ansible_user=pi\n\n10.20.0.0/28'

/** Nodes from where a person has them already: previewed, chosen, and put into the draft. */
export function ImportDialog({
  workspace,
  declared,
  onClose,
}: {
  workspace: string
  declared: readonly string[]
  onClose(): void
}) {
  const text = useText()
  const toasts = useToasts()
  const api = useApi()
  const [source, setSource] = useState<Source>('ssh')
  const [typed, setTyped] = useState('')
  const [left, setLeft] = useState<ReadonlyMap<string, boolean>>(new Map())
  const ssh = useQuery(api.fleet.sshHosts, {})
  const kept = useQuery(api.workspaces.file, { workspace, path: file })
  const drafted = useLive(api.draft.view, { workspace }).value
  const edit = useCommand(api.draft.edit)
  const upload = useRef<HTMLInputElement>(null)

  const rows = useMemo((): readonly Row[] => {
    const says = (host: string, user?: string | null, port?: number | null) =>
      `${user ? `${user}@` : ''}${host}${port ? `:${port}` : ''}`
    const found: readonly { readonly node: ImportedNode; readonly says: string }[] =
      source === 'text'
        ? readInventory(typed).map(node => ({ node, says: says(node.host, node.user, node.port) }))
        : (ssh.value?.hosts ?? []).map(({ host, address, user, port }) => ({
            node: { name: host, host, groups: [] },
            says: says(address ?? host, user, port),
          }))
    return found.map(one => ({ ...one.node, as: nodeName(one.node.name), says: one.says }))
  }, [source, typed, ssh.value])
  /** The file as the draft has it, so that what was imported before stays. */
  const before = useMemo(() => {
    const drafts = drafted?.edits.flatMap(({ edit: one }) =>
      one.kind === 'set-file' && one.file === file ? [one] : [],
    )
    return drafts?.at(-1)?.text ?? kept.value?.text ?? null
  }, [drafted, kept.value])
  const known = useMemo(
    () => new Set([...declared, ...(before === null ? [] : readEdgeFile(file, before).nodes.map(({ name }) => name))]),
    [declared, before],
  )
  const isNew = (row: Row) => row.as !== '' && !known.has(row.as)
  /** A host one signs in to as `git` is no machine of a fleet. */
  const isChosen = (row: Row) => isNew(row) && (left.get(row.name) ?? !row.says.startsWith('git@'))
  const chosen = rows.filter(isChosen)
  const fresh = rows.filter(isNew)
  const hasGroups = rows.some(row => row.groups.length > 0 || known.has(row.as))

  const submit = async () => {
    if (chosen.length === 0 || edit.running || kept.value === null) return
    const added = edgeNodesText(chosen, known)
    const next = before === null ? added.replace(/^---\n/, '') : `${before.replace(/\n?$/, '\n')}${added}`
    const edits: Edit[] = [{ kind: 'set-file', file, text: next }]
    if (!(await edit.done({ workspace, edits }))) return
    toasts.show({ tone: 'ok', title: text('fleet.importDone', { count: chosen.length }) })
    onClose()
  }

  return (
    <Dialog
      open
      size="large"
      onOpenChange={open => !open && onClose()}
      title={text('fleet.importTitle')}
      description={text('fleet.importSays')}
      closeOnOutside={typed === ''}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={chosen.length === 0} loading={edit.running}>
            {text('fleet.importDraft', { count: chosen.length })}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        <Segmented<Source>
          label={text('fleet.importFrom')}
          value={source}
          onChange={setSource}
          options={[
            { value: 'ssh', label: text('fleet.importSsh') },
            { value: 'text', label: text('fleet.importText') },
          ]}
        />
        {source === 'text' && (
          <Field label={text('fleet.importText')} hint={text('fleet.importTextHint')}>
            <TextArea mono rows={6} value={typed} onChange={setTyped} placeholder={example} autoFocus />
          </Field>
        )}
        {source === 'text' && (
          <div>
            <Button size="small" icon={FileUp} onClick={() => upload.current?.click()}>
              {text('fleet.importFile')}
            </Button>
            <input
              ref={upload}
              type="file"
              hidden
              onChange={event => {
                const [given] = event.target.files ?? []
                if (given) void given.text().then(setTyped)
                event.target.value = ''
              }}
            />
          </div>
        )}
        <ErrorNote error={edit.error ?? kept.error ?? (source === 'ssh' ? ssh.error : null)} />
        {source === 'ssh' && ssh.value === null && !ssh.error ? (
          <Loading>
            <Skeleton />
          </Loading>
        ) : rows.length === 0 ? (
          (source === 'ssh' || typed !== '') && (
            <EmptyState
              compact
              sentence={
                source === 'ssh'
                  ? text('fleet.importNoHosts', { file: ssh.value?.file ?? '~/.ssh/config' })
                  : text('fleet.importNothing')
              }
            />
          )
        ) : (
          <div className={styles['found']}>
            <Table label={text('fleet.importFound', { count: rows.length })}>
              <TableHead>
                <tr>
                  <TableColumn>
                    <Checkbox
                      label={text('fleet.importFound', { count: rows.length })}
                      checked={chosen.length === 0 ? false : chosen.length === fresh.length ? true : 'indeterminate'}
                      disabled={fresh.length === 0}
                      onChange={all => setLeft(new Map(fresh.map(({ name }) => [name, all])))}
                    />
                  </TableColumn>
                  <TableColumn>{text('fleet.importHost')}</TableColumn>
                  {hasGroups && <TableColumn>{text('fleet.importGroups')}</TableColumn>}
                </tr>
              </TableHead>
              <TableBody>
                {rows.slice(0, mostShown).map(row => (
                  <TableRow key={row.name}>
                    <TableCell>
                      <Checkbox
                        label={row.as || row.name}
                        checked={isChosen(row)}
                        disabled={!isNew(row)}
                        onChange={wanted => setLeft(was => new Map(was).set(row.name, wanted))}
                      />
                    </TableCell>
                    <TableCell className={styles['host'] ?? ''}>{row.says}</TableCell>
                    {hasGroups && (
                      <TableCell>
                        {known.has(row.as) ? <Badge>{text('fleet.importKnown')}</Badge> : row.groups.join(', ')}
                      </TableCell>
                    )}
                  </TableRow>
                ))}
              </TableBody>
            </Table>
            {rows.length > mostShown && (
              <p className={styles['more']}>{text('fleet.importMore', { count: rows.length - mostShown })}</p>
            )}
          </div>
        )}
      </div>
    </Dialog>
  )
}

/** Each is a few elements; a network of a thousand addresses is chosen as a whole. */
const mostShown = 200
