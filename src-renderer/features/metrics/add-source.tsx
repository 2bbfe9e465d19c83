import { useState } from 'react'
import { MetricsSource } from '../../../shared/workspace-file/workspace-schema.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { Button, ErrorNote, Field, Select, TextField, useText } from '../../design/index.ts'
import styles from './metrics.module.css'

type Auth = 'none' | 'bearer' | 'basic'

/** A source for this machine alone: its address, and how it wants to be asked. */
export function AddSource({ workspace, onDone }: { workspace: string; onDone(): void }) {
  const api = useApi()
  const text = useText()
  const add = useCommand(api.metrics.add)
  const [kind, setKind] = useState<MetricsSource['kind']>('prometheus')
  const [url, setUrl] = useState('')
  const [auth, setAuth] = useState<Auth>('none')
  const [match, setMatch] = useState('')
  const [tried, setTried] = useState(false)

  const matched = match
    .split(',')
    .map(each => each.trim())
    .filter(Boolean)
    .map(each => /^([A-Za-z_]\w*)\s*=\s*"?([^"]*)"?$/.exec(each))
  const source = MetricsSource.safeParse({
    kind,
    url: url.trim(),
    ...(auth !== 'none' && { auth: { kind: auth } }),
    ...(matched.length > 0 && {
      match: Object.fromEntries(matched.flatMap(each => (each ? [[each[1], each[2]]] : []))),
    }),
  })
  const badMatch = matched.includes(null)
  const submit = async () => {
    setTried(true)
    if (!source.success || badMatch) return
    if (await add.run({ workspace, source: source.data })) onDone()
  }
  return (
    <form
      className={styles['form']}
      noValidate
      onSubmit={event => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2 className={styles['title']}>{text('metrics.add')}</h2>
      <p className={styles['quiet']}>{text('metrics.addHint')}</p>
      <Field label={text('metrics.kind')}>
        <Select<MetricsSource['kind']>
          value={kind}
          onChange={setKind}
          options={[
            { value: 'prometheus', label: 'Prometheus', hint: 'Thanos, Mimir, VictoriaMetrics' },
            { value: 'jaeger', label: 'Jaeger' },
            { value: 'tempo', label: 'Tempo' },
          ]}
        />
      </Field>
      <Field label={text('metrics.address')} error={tried && !source.success && text('metrics.badAddress')}>
        <TextField
          value={url}
          onChange={setUrl}
          mono
          autoFocus
          autoComplete="off"
          placeholder="https://prometheus.example.com"
        />
      </Field>
      <Field label={text('metrics.signIn')} hint={auth === 'none' ? undefined : text('metrics.signInHint')}>
        <Select<Auth>
          value={auth}
          onChange={setAuth}
          options={[
            { value: 'none', label: text('metrics.signInNone') },
            { value: 'bearer', label: text('metrics.signInBearer') },
            { value: 'basic', label: text('metrics.signInBasic') },
          ]}
        />
      </Field>
      {kind === 'prometheus' && (
        <Field
          label={text('metrics.match')}
          optional
          hint={text('metrics.matchHint')}
          error={tried && badMatch && text('metrics.badMatch')}
        >
          <TextField
            value={match}
            onChange={setMatch}
            mono
            autoComplete="off"
            placeholder="cluster=prod, namespace=shop"
          />
        </Field>
      )}
      <ErrorNote error={add.error} />
      <div className={styles['actions']}>
        <Button size="small" variant="ghost" onClick={onDone}>
          {text('app.cancel')}
        </Button>
        <Button size="small" type="submit" variant="primary" loading={add.running}>
          {text('metrics.allow')}
        </Button>
      </div>
    </form>
  )
}
