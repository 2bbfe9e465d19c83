export const page = {
  'page.editorLabel': '{{path}}, editor. Ctrl+M (on a Mac Ctrl+Shift+M) lets the Tab key leave it.',
  'page.editorReadOnlyLabel': '{{path}}, read only',
  'page.editorBeforeLabel': '{{path}}, before',
  'page.editorAfterLabel': '{{path}}, after. F7 reads the changes one by one.',
  'page.editorLoading': 'Loading the editor…',
  'page.editorUnavailable': 'The editor could not be loaded, so this is the plain text. Reload the page to try again.',
} as const
