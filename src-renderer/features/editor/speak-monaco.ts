/**
 * Monaco's own words (find, folding, the reading of diffs) in the page's language. It takes them once, when it loads,
 * so this must come first; a language chosen later is spoken after the next reload.
 */
export async function speakMonaco(): Promise<void> {
  if (document.documentElement.lang.startsWith('zh')) await import('monaco-editor/nls/lang/zh-cn')
}
