import { Menu, type MenuItemConstructorOptions } from 'electron'
import { type Locale, translate } from '../../shared/messages/index.ts'

/** The standard menus, in the words and with the keys of the platform, and one item of our own. */
export function setMenu(locale: Locale, openWindow: () => void): void {
  const isMac = process.platform === 'darwin'
  const newWindow: MenuItemConstructorOptions = {
    label: translate(locale, { key: 'cli.menuNewWindow' }),
    accelerator: 'CmdOrCtrl+Shift+N',
    click: openWindow,
  }
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: translate(locale, { key: 'cli.menuFile' }),
      submenu: [newWindow, { type: 'separator' }, { role: 'close' }, ...(isMac ? [] : [{ role: 'quit' } as const])],
    },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
