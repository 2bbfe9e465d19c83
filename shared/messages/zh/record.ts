import type { record as en } from '../en/record.ts'

export const record: Record<keyof typeof en, string> = {
  'record.termService': '服务全名',
  'record.termAuthor': '姓名或地址的一部分',
  'record.termRule': '门禁中发出结论的规则',
  'record.termDependency': '它变动的依赖：grpc 或 grpc@1.70.0',
  'record.termNode': '它放置内容的机器',
  'record.termField': '它改动的字段：spec.replicas 或 replicas',
  'record.termAfter': '当天及以后：2026-01-31',
  'record.termBefore': '当天及以前：2026-12-31',
  'record.flagRule': '门禁中由此规则发出结论的决策',
  'record.flagDependency': '变动过此依赖的更改；写明版本时须为升至或离开该版本',
  'record.flagNode': '在此机器上放置或移走内容的更改',
  'record.flagField': '改动过此字段的更改：spec.replicas，或任意位置的 replicas',
}
