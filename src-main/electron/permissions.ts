import type { Session } from 'electron'
import { isOurPage } from './allowed-navigation.ts'

/** Copying is all the page asks of the system; every other permission is refused without a question. */
const granted = 'clipboard-sanitized-write'

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, decide) =>
    decide(permission === granted && contents !== null && isOurPage(contents.getURL())),
  )
  session.setPermissionCheckHandler((_contents, permission, origin) => permission === granted && isOurPage(origin))
  session.setDevicePermissionHandler(() => false)
}
