export const helm = {
  'helm.noName': '{{file}} 没有给出 chart 的名称，Helm 会拒绝它。请在其中写上 `name:`。',
  'helm.noChart': '缺少 {{file}}，因此该文件夹不是 chart。请添加它，或指定包含它的文件夹。',
  'helm.noDependency':
    '{{file}}:{{line}}：{{folder}} 的 charts/ 中没有 chart {{name}} {{version}}，因此不显示它带来的内容。请把它的文件夹放到那里。',
  'helm.noValuesFile': '值文件 {{path}} 不存在。请更正路径。',
  'helm.valuesNotMap': '{{file}}:{{line}} 不是值的映射。请写成 `键: 值` 的形式。',
  'helm.brokenYaml': '无法读取 {{file}}:{{line}}：{{reason}}。请在该处修正。',
  'helm.brokenOutput': '{{file}}:{{line}} 渲染出的 YAML 无法读取：{{reason}}。请检查这一行输出的缩进和引号。',
  'helm.badSet': '`{{argument}}` 没有设置任何值。请写成 `名称=值`。',
  'helm.syntax': '{{file}}:{{line}}：模板中此处不能出现 {{about}}。请更正。',
  'helm.unclosed': '{{file}}:{{line}}：{{about}} 在此处打开，但从未关闭。请关闭它。',
  'helm.noTemplate': '{{file}}:{{line}}：没有名为“{{name}}”的模板。请定义它，或更正名称。',
  'helm.noFunction': '{{file}}:{{line}}：没有函数 {{name}}。请更正名称。',
  'helm.noVariable': '{{file}}:{{line}}：变量 {{name}} 未事先声明。请用 `:=` 声明它。',
  'helm.noField': '{{file}}:{{line}}：{{about}}：{{type}} 中没有 {{name}}。请检查它前面的内容。',
  'helm.nilField': '{{file}}:{{line}}：{{about}}：{{name}} 的上一级未设置。请设置上一级的值，或先用 `if` 判断。',
  'helm.notCallable': '{{file}}:{{line}}：{{about}} 不是函数，不接受参数。请去掉参数。',
  'helm.argumentCount': '{{file}}:{{line}}：{{name}} 需要 {{want}} 个参数，实际为 {{got}} 个。请更正调用。',
  'helm.argumentType':
    '{{file}}:{{line}}：{{name}} 的第 {{index}} 个参数必须是 {{want}}，实际为 {{got}}。请先转换，或更正该值。',
  'helm.incomparable': '{{file}}:{{line}}：{{left}} 与 {{right}} 无法比较。请转换其中之一，例如用 `int`。',
  'helm.cannotRange': '{{file}}:{{line}}：`range` 不能遍历 {{type}}。请给它列表或映射。',
  'helm.cannotIndex': '{{file}}:{{line}}：{{type}} 中没有可取的条目。请给出列表或映射。',
  'helm.outOfRange': '{{file}}:{{line}}：列表中没有位置 {{index}}。请先检查其长度。',
  'helm.divideByZero': '{{file}}:{{line}}：{{name}} 除以零。请更正该值。',
  'helm.badPattern': '{{file}}:{{line}}：`{{pattern}}` 不是 Go 接受的正则表达式，或者过大。请更正。',
  'helm.badVersion': '{{file}}:{{line}}：`{{version}}` 不是版本或版本范围。请更正。',
  'helm.badTime': '{{file}}:{{line}}：`{{text}}` 不是该格式的时间或时长。请更正。',
  'helm.badData': '{{file}}:{{line}}：无法读取该文本：{{reason}}。请更正。',
  'helm.required': '{{file}}:{{line}} 需要一个值：{{reason}}。请在值文件中设置。',
  'helm.failed': '{{file}}:{{line}} 拒绝这些值：{{reason}}。请更正。',
  'helm.tooDeep': '{{file}}:{{line}}：模板“{{name}}”无休止地包含自身。请打破循环。',
  'helm.tooNested': '{{file}}:{{line}}：该模板或它的某个值嵌套过深。请拆分它。',
  'helm.tooLong': '{{file}}:{{line}}：该模板无休止地输出。请限制循环。',
  'helm.refusedType':
    '{{file}}:{{line}}：该 chart 的 schema 要求 {{path}} 为 {{wanted}}，因此 Helm 会拒绝这些值。请更正。',
  'helm.refusedValue':
    '{{file}}:{{line}}：该 chart 的 schema 只允许 {{path}} 取以下值，因此 Helm 会拒绝它：{{wanted}}。请选用其中之一。',
  'helm.refusedMissing':
    '{{file}}:{{line}}：该 chart 的 schema 要求 {{path}}，但没有值文件设置它，Helm 会拒绝。请设置它。',
  'helm.refusedUnknown':
    '{{file}}:{{line}}：该 chart 的 schema 中没有 {{path}}，因此 Helm 会拒绝这些值。请更正名称或将其移除。',
  'helm.refusedRange':
    '{{file}}:{{line}}：该 chart 的 schema 要求 {{path}} 在 {{least}} 到 {{most}} 之间，因此 Helm 会拒绝它。请更正。',
  'helm.refusedSize':
    '{{file}}:{{line}}：该 chart 的 schema 要求 {{path}} 的长度为 {{least}} 到 {{most}}，因此 Helm 会拒绝它。请更正。',
  'helm.refusedPattern':
    '{{file}}:{{line}}：{{path}} 不符合该 chart 的 schema 要求的格式，因此 Helm 会拒绝它：`{{pattern}}`。请更正。',
  'helm.refusedChoice':
    '{{file}}:{{line}}：{{path}} 不符合该 chart 的 schema 给出的任何一种形式，或符合过多，因此 Helm 会拒绝它。请更正。',
} as const
