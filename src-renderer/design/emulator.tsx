import '@xterm/xterm/css/xterm.css'
import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'
import { useEffect, useRef } from 'react'
import styles from './emulator.module.css'

export type EmulatorSize = { readonly columns: number; readonly rows: number }
/** What is shown and how large, for whoever brings the process. */
export type EmulatorHandle = {
  readonly size: EmulatorSize
  write(bytes: Uint8Array): void
  focus(): void
}

export type EmulatorProps = {
  /** Names it for a screen reader. */
  label: string
  /** Called once it can show something. What is returned is called when it goes. */
  onReady(handle: EmulatorHandle): (() => void) | undefined
  onType(text: string): void
  onResize(size: EmulatorSize): void
}

/** The colours of the page, as xterm wants them: of the sixteen those that the tokens have, the others are its own. */
function themeOf(element: Element): ITheme {
  const of = getComputedStyle(element)
  const colour = (name: string) => of.getPropertyValue(name).trim()
  const dark = of.colorScheme === 'dark'
  return {
    background: colour('--sunken'),
    foreground: colour('--text'),
    cursor: colour('--accent-text'),
    cursorAccent: colour('--sunken'),
    selectionBackground: colour('--selected'),
    red: colour('--danger-text'),
    green: colour('--ok-text'),
    yellow: colour('--warn-text'),
    blue: colour('--accent-text'),
    cyan: colour('--info-text'),
    black: colour(dark ? '--active' : '--text'),
    white: colour(dark ? '--text' : '--text-faint'),
    brightBlack: colour('--text-faint'),
    brightWhite: colour('--text'),
  }
}

/**
 * A terminal emulator that fills its place. What it is given comes from another machine: links in it open nothing, and
 * the title it may ask for is nobody's. Load it lazily: it is a library of its own.
 */
export function Emulator({ label, onReady, onType, onResize }: EmulatorProps) {
  const place = useRef<HTMLDivElement>(null)
  const calls = useRef({ onReady, onType, onResize })
  calls.current = { onReady, onType, onResize }

  useEffect(() => {
    const element = place.current
    if (!element) return
    const terminal = new Terminal({
      fontFamily: getComputedStyle(element).getPropertyValue('--mono'),
      fontSize: 13,
      lineHeight: 1.25,
      cursorBlink: false,
      scrollback: 5000,
      screenReaderMode: true,
      theme: themeOf(element),
      linkHandler: { activate: () => {} },
    })
    const fit = new FitAddon()
    terminal.loadAddon(fit)
    terminal.open(element)
    fit.fit()
    terminal.textarea?.setAttribute('aria-label', label)
    const size = () => ({ columns: terminal.cols, rows: terminal.rows })
    terminal.onData(text => calls.current.onType(text))
    terminal.onResize(() => calls.current.onResize(size()))
    const fitted = new ResizeObserver(() => {
      // Not laid out, such as in a tab that is not shown: there is nothing to fit into.
      if (element.clientWidth > 0 && element.clientHeight > 0) fit.fit()
    })
    fitted.observe(element)
    const repaint = () => {
      terminal.options.theme = themeOf(element)
    }
    const themes = new MutationObserver(repaint)
    themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const end = calls.current.onReady({
      get size() {
        return size()
      },
      write: bytes => terminal.write(bytes),
      focus: () => terminal.focus(),
    })
    terminal.focus()
    return () => {
      fitted.disconnect()
      themes.disconnect()
      end?.()
      terminal.dispose()
    }
  }, [label])

  return <div ref={place} className={styles['emulator']} />
}
