import type { compare as en } from '../en/compare.ts'

export const compare: Record<keyof typeof en, string> = {
  'compare.noObject': '两个时点都没有 {{object}}。',
  'compare.about': '比较任意两个时点：决策、标签、分支、环境（REV:ENV）、now、draft',
  'compare.flagPart': '只看一部分：topology、manifests、dependencies 或 rules；不写则全部',
  'compare.flagNoise': '也列出对运行没有影响的差异',
  'compare.flagDiff': '以统一差异格式输出渲染后的清单',
  'compare.unknownPart': '没有“{{part}}”这一部分。可用：{{known}}。',
  'compare.cliNotPart': '{{point}} 不包含 {{environment}}。',
  'compare.cliNoise_one': '略去了 {{count}} 处对运行没有影响的差异（用 --noise 查看）。',
  'compare.cliNoise_other': '略去了 {{count}} 处对运行没有影响的差异（用 --noise 查看）。',
}
