import { Component, type ErrorInfo, type ReactNode } from 'react'
import { AppError } from '../../shared/errors.ts'
import { reportBug } from '../connection/bug-reports.ts'
import { Button } from '../design/button.tsx'
import { ErrorState } from '../design/states.tsx'
import { useText } from '../design/text.ts'

type Props = {
  /** A change of it draws the children again: another screen should not show the fault of the last one. */
  readonly resetKey?: string
  readonly children: ReactNode
}
type State = { readonly error: AppError | null; readonly resetKey: string | undefined }

/** A fault in one part of the page stays in that part, and can be reported. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey }

  static getDerivedStateFromError(thrown: unknown): Partial<State> {
    const error =
      thrown instanceof AppError ? thrown : new AppError('unexpected', 'app.pageFault', { fault: textOf(thrown) })
    return { error }
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey }
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    reportBug(error instanceof Error && info.componentStack ? withStack(error, info.componentStack) : error)
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return <Fault error={error} onRetry={() => this.setState({ error: null })} />
  }
}

const textOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))

function withStack(error: Error, componentStack: string): Error {
  const copy = new Error(error.message, { cause: error })
  copy.name = error.name
  copy.stack = `${error.stack ?? error.message}\nComponents:${componentStack}`
  return copy
}

function Fault({ error, onRetry }: { error: AppError; onRetry(): void }) {
  const text = useText()
  return (
    <ErrorState
      error={error}
      title={text('app.pageFaultTitle')}
      onRetry={onRetry}
      action={<Button onClick={() => window.location.reload()}>{text('app.reload')}</Button>}
    />
  )
}
