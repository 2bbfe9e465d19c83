import type { page as en } from '../en/page.ts'

export const page: Record<keyof typeof en, string> = {
  'page.editorLabel': '{{path}}，编辑器。按 Ctrl+M（Mac 上为 Ctrl+Shift+M）可用 Tab 键离开。',
  'page.editorReadOnlyLabel': '{{path}}，只读',
  'page.editorBeforeLabel': '{{path}}，更改前',
  'page.editorAfterLabel': '{{path}}，更改后。按 F7 逐条朗读更改。',
  'page.editorLoading': '正在加载编辑器…',
  'page.editorUnavailable': '编辑器未能加载，以下为纯文本。重新加载页面可再试一次。',
}
