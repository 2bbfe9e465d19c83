import type { edit as en } from '../en/edit.ts'

export const edit: Record<keyof typeof en, string> = {
  'edit.noSuchItem': '没有 {{path}}。',
  'edit.notACollection': '{{path}} 是单个值，其下不能再放内容。请直接修改文件。',
  'edit.duplicateKey': '{{key}} 出现了多次（第 {{lines}} 行）。请先删去多余的。',
  'edit.crossesAlias': '第 {{line}} 行的 {{path}} 是别名 *{{alias}}，其值位于第 {{anchorLine}} 行的锚点处：请在那里修改。',
  'edit.crossesMerge': '{{path}} 来自第 {{line}} 行的合并键，其值位于第 {{anchorLine}} 行的锚点处：请在那里修改。',
  'edit.repeatedByAlias':
    '{{path}} 带有锚点 &{{anchor}}，并在第 {{lines}} 行被引用。修改它会连带改变那些地方；请直接修改文件。',
  'edit.wouldChangeMore': '这一修改无法在不触及文件其他内容的情况下完成。请直接修改文件。',
  'edit.isTemplate': '此文件是模板：第 {{line}} 行含有模板表达式，无法作为 YAML 读取。请修改模板所用的取值，或直接修改文件。',
  'edit.cannotRead': '此文件无法作为 YAML 读取（第 {{line}} 行：{{problem}}）。请先修正。',
}
