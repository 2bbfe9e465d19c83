import { type Message, type MessageKey, type MessageParams, translate } from '../messages/index.ts'

/**
 * An edit that cannot be made safely; nothing was changed. Thrown inside the edit engine and turned into a `refused`
 * outcome at its door, so that no caller has to thread a union through every step.
 */
export class CannotEdit extends Error {
  readonly reason: Message
  /** Offset in the text at hand, where the reason stands. */
  readonly offset: number | undefined

  constructor(key: MessageKey, params: MessageParams = {}, offset?: number) {
    super(translate('en', { key, params }))
    this.name = 'CannotEdit'
    this.reason = { key, params }
    this.offset = offset
  }
}
