import type { git as en } from '../en/git.ts'

export const git: Record<keyof typeof en, string> = {
  'git.objectMissing':
    '此克隆（{{directory}}）中没有 Git 对象 {{oid}}。克隆不完整或已损坏：请先运行 `git fsck`，再从完整的远端 `git fetch`。',
  'git.promisedObjectMissing':
    'Git 对象 {{oid}} 尚未下载：这是一个部分克隆。请在其中运行一次 `git fetch`（或 `git cat-file -p {{oid}}`），或者不带 --filter 重新克隆。',
  'git.objectDamaged': '{{directory}} 中的 Git 对象 {{oid}} 已损坏。请运行 `git fsck`，并从完好的远端重新获取。',
}
