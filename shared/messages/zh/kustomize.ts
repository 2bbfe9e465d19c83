import type { kustomize as english } from '../en/kustomize.ts'

export const kustomize: { readonly [key in keyof typeof english]: string } = {
  'kustomize.remote': '{{file}}:{{line}} 要从网络获取 {{about}}，因此不显示其中声明的内容。',
  'kustomize.missing': '{{file}}:{{line}} 引用了 {{about}}，但没有这个文件或 kustomization。',
  'kustomize.outside': '{{file}}:{{line}} 引用了所在文件夹之外的 {{about}}：除非另行指定，kubectl 会拒绝。',
  'kustomize.empty': '{{file}} 没有任何内容。请写明它由什么组成（例如 `resources`），或删除它。',
  'kustomize.unreadable': '{{file}}:{{line}} 无法读取：{{about}}。',
  'kustomize.repeatedKey': '{{file}}:{{line}} 在同一个映射中重复写了 {{about}}；以最后一个为准。',
  'kustomize.severalKustomizations': '{{file}} 和 {{about}} 都是同一文件夹的 kustomization。请只保留一个。',
  'kustomize.cycle': '{{file}}:{{line}} 包含 {{about}}，而后者又包含它自己。',
  'kustomize.wrongKind':
    '{{file}}:{{line}} 引用了 {{about}}：组件应写在 components 下，kustomization 应写在 resources 下。',
  'kustomize.chart': '{{file}}:{{line}} 要展开 Helm chart {{about}}，此处不显示。',
  'kustomize.plugin': '{{file}}:{{line}} 需要插件 {{about}}，此处不运行插件。',
  'kustomize.noTarget': '{{file}}:{{line}} 要修改 {{about}}，但这里没有叫这个名字的对象。',
  'kustomize.severalTargets': '{{file}}:{{line}} 指的是 {{about}}，但这里有多个对象叫这个名字。',
  'kustomize.patchFails': '{{file}}:{{line}} 与 {{about}} 不相符，已略过。',
  'kustomize.selector': '{{file}}:{{line}} 的选择条件无法理解：{{about}}。',
  'kustomize.noReplicasTarget': '{{file}}:{{line}} 设置 {{about}} 的副本数，但这里没有叫这个名字的工作负载。',
  'kustomize.duplicate': '{{file}}:{{line}} 声明了 {{about}}，但它已经存在。',
  'kustomize.notText': '{{file}}:{{line}}：{{about}} 必须是文本。请给它的值加上引号。',
  'kustomize.unknownField': '{{file}}:{{line}}：kustomization 没有 {{about}} 这个字段。',
  'kustomize.replacementSource': '{{file}}:{{line}} 要从 {{about}} 复制，但那里没有可复制的内容。',
  'kustomize.replacementTarget': '{{file}}:{{line}} 要复制到 {{about}}，但它不存在。',
  'kustomize.generator': '{{file}}:{{line}}：{{about}} 不是可用来生成的键和值。',
  'kustomize.reference': '{{file}}:{{line}}：{{about}} 可能指多个对象。',
  'kustomize.variable': '{{file}}:{{line}}：变量 {{about}} 没有值，或被声明了两次。',
  'kustomize.badValue': '{{file}}:{{line}}：{{about}} 的值是 kustomize 不认识的。',
  'kustomize.noSuchObject': '{{file}} 不再生成 {{kind}} {{name}}。',
  'kustomize.notEditable':
    '{{field}} 来自 {{origin}}:{{line}}，其他环境可能共用它。请在那里编辑，或在 {{file}} 中写一个补丁。',
  'kustomize.notOnlyThis': '在 {{file}} 中修改 {{field}} 会同时改变别的内容。请手动写一个补丁。',
}
