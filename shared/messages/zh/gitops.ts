import type { gitops as english } from '../en/gitops.ts'

export const gitops: { readonly [key in keyof typeof english]: string } = {
  'gitops.chartElsewhere':
    '{{file}}:{{line}}：{{name}} 的 chart {{chart}} 来自 {{repository}}，不在本仓库中，因此只显示它的 values。',
  'gitops.pathElsewhere':
    '{{file}}:{{line}}：{{name}} 的路径 {{path}} 在另一个仓库（{{repository}}）中，因此不显示其中声明的内容。',
  'gitops.noPath': '{{file}}:{{line}}：{{name}} 没有使用 {{repository}} 的任何路径，因此没有可显示的内容。',
  'gitops.plugin': '{{file}}:{{line}}：{{name}} 用插件构建 {{path}}，这里不会运行插件。',
  'gitops.generator':
    '{{file}}:{{line}}：{{name}} 的生成器 {{generator}} 需要文件之外的信息，因此不显示它的 Application。',
  'gitops.noParameter': '{{file}}:{{line}}：{{name}} 需要 {{parameter}}，但没有生成器提供它。请更正名称。',
  'gitops.noValues': '{{file}}:{{line}}：{{name}} 从 {{about}} 取值，但它不在本仓库中。',
  'gitops.noVariable':
    '{{file}}:{{line}}：变量 {{variable}} 在 {{name}} 中没有值，会变为空。请在 postBuild 下设置，或给出默认值。',
  'gitops.notOnlyThis':
    '{{field}} 写在 {{origin}}:{{line}}，没有只属于 {{environment}} 的位置可以修改它。请在那里把它变成 value，或为所有环境修改。',
  'gitops.noSuchObject': '{{environment}} 不再构建 {{kind}} {{name}}。',
  'gitops.approximate': '未使用 Helm 渲染：这里 chart 的结果可能与 Helm 的结果不同。',
  'gitops.doctorHelm': '缺少 helm：chart 由本程序渲染，并标记为近似。安装 Helm 可得到与 Helm 一致的结果。',
  'gitops.approximateShort': '近似',
}
