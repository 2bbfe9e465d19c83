import { useState } from 'react'
import { assertNever } from '../../../shared/errors.ts'
import type { Question } from '../../../shared/host/contract.ts'
import { useApi } from '../../connection/api.ts'
import { useCommand } from '../../connection/use-command.ts'
import { useLive } from '../../connection/use-live.ts'
import { useQuery } from '../../connection/use-query.ts'
import { Button } from '../../design/button.tsx'
import { Checkbox } from '../../design/checkbox.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextField } from '../../design/field.tsx'
import { Callout, ErrorNote } from '../../design/states.tsx'
import { useText } from '../../design/text.ts'
import styles from './questions.module.css'

/** What only a person can answer, one at a time, oldest first. Another window may answer; then it is gone here too. */
export function Questions() {
  const questions = useLive(useApi().host.questions, {}).value
  const first = questions?.[0]
  // The key makes a fresh form of every question: what was typed for one never shows in the next.
  return first ? <OneQuestion key={first.id} question={first} /> : null
}

function OneQuestion({ question }: { question: Question }) {
  const api = useApi()
  const text = useText()
  const answer = useCommand(api.host.answer)
  const host = useQuery(api.host.describe, {}).value
  const [username, setUsername] = useState(question.kind === 'password' ? (question.username ?? '') : '')
  const [secret, setSecret] = useState('')
  const [remember, setRemember] = useState(false)

  const { id } = question
  const refuse = () => void answer.run({ id, secret: null, remember: false })
  const accept = () => {
    if (answer.running) return
    if (question.kind === 'host-key') void answer.run({ id, secret: question.fingerprint, remember: true })
    else if (question.kind === 'password' && username !== '') void answer.run({ id, username, secret, remember })
    else if (question.kind === 'passphrase') void answer.run({ id, secret, remember })
  }
  const rememberBox = (
    <Checkbox
      checked={remember}
      onChange={setRemember}
      label={text('app.remember')}
      hint={text(host?.canKeepSecrets ? 'app.rememberInKeychain' : 'app.rememberInMemory')}
    />
  )
  const inside = () => {
    switch (question.kind) {
      case 'password':
        return (
          <>
            <Field label={text('app.username')}>
              <TextField
                value={username}
                onChange={setUsername}
                autoComplete="off"
                autoFocus={question.username === null}
              />
            </Field>
            <Field
              // The host's own words: it may want a one-time code and not the password.
              label={question.prompt ?? text('app.password')}
              {...(question.prompt === undefined && { hint: text('app.passwordHint') })}
            >
              <TextField
                type="password"
                value={secret}
                onChange={setSecret}
                autoComplete="off"
                autoFocus={question.username !== null}
              />
            </Field>
            {rememberBox}
          </>
        )
      case 'passphrase':
        return (
          <>
            <Field label={text('app.passphrase')} hint={question.key}>
              <TextField type="password" value={secret} onChange={setSecret} autoComplete="off" autoFocus />
            </Field>
            {rememberBox}
          </>
        )
      case 'host-key':
        return (
          <>
            <dl className={styles['facts']}>
              <dt>{text('app.hostKeyServer')}</dt>
              <dd>{question.host}</dd>
              <dt>{text('app.hostKeyAlgorithm')}</dt>
              <dd>{question.algorithm}</dd>
              <dt>{text('app.hostKeyFingerprint')}</dt>
              <dd className={styles['fingerprint']}>{question.fingerprint}</dd>
            </dl>
            <Callout tone="warn">{text('app.hostKeyAdvice')}</Callout>
          </>
        )
      default:
        return assertNever(question)
    }
  }
  const words = {
    password: { title: text('app.askPassword', { host: hostOf(question) }), accept: text('app.signIn') },
    passphrase: { title: text('app.askPassphrase'), accept: text('app.unlock') },
    'host-key': { title: text('app.askHostKey', { host: hostOf(question) }), accept: text('app.trustServer') },
  }[question.kind]
  return (
    <Dialog
      open
      onOpenChange={open => {
        if (!open) refuse()
      }}
      closeOnOutside={false}
      size={question.kind === 'host-key' ? 'medium' : 'small'}
      title={words.title}
      description={question.kind === 'host-key' ? text('app.hostKeyFirst') : undefined}
      onSubmit={accept}
      footer={
        <>
          <Button variant="ghost" onClick={refuse}>
            {text(question.kind === 'host-key' ? 'app.doNotConnect' : 'app.cancel')}
          </Button>
          <Button type="submit" variant="primary" loading={answer.running}>
            {words.accept}
          </Button>
        </>
      }
    >
      <div className={styles['fields']}>
        {inside()}
        <ErrorNote error={answer.error} />
      </div>
    </Dialog>
  )
}

const hostOf = (question: Question): string => (question.kind === 'passphrase' ? '' : question.host)
