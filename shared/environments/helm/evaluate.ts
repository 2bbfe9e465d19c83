import { carryMarks, marksOfFormat, marksOfYaml } from './carry-marks.ts'
import { compareArguments } from './compare-values.ts'
import { type Expression, lineAt, type Pipeline, type Template, type TemplateNode } from './parse-template.ts'
import {
  GoObject,
  isDict,
  isList,
  isTrue,
  printValue,
  sortedEntries,
  TemplateError,
  textOf,
  typeName,
  type Value,
} from './value.ts'

/** Where a value of the chart is written. */
export type ValueOrigin = {
  /** From the top of its file: `['image', 'tag']`. */
  readonly path: readonly (string | number)[]
  /** File from the workspace root; `--set` for what was given with the call. */
  readonly file: string
  readonly line: number
}
/** Where the entries of maps and lists are written, by the map or list and its key. */
export type Origins = WeakMap<object, Map<string | number, ValueOrigin>>

/** A stretch of output that is one value, unchanged but for quotes. */
export type Mark = { readonly start: number; readonly end: number; readonly origin: ValueOrigin }
/** From this offset of the output on, text of this line of a template. */
export type Segment = {
  readonly at: number
  readonly line: number
  /** False where all of it was written by one action, whatever lines it has. */
  readonly counts?: boolean
}
export type Output = { readonly text: string; readonly marks: readonly Mark[]; readonly segments: readonly Segment[] }

export type ParameterType = 'any' | 'string' | 'int' | 'dict' | 'bool'
export type TemplateFunction = {
  /** The last one repeats when `rest` is set. */
  readonly parameters: readonly ParameterType[]
  readonly rest: boolean
  readonly optional?: number
  readonly call: (args: readonly Value[], run: Run) => Value
}
export type Functions = ReadonlyMap<string, TemplateFunction>

/** What functions may ask of the rendering they are called in. */
export type Run = {
  readonly templates: Map<string, Template>
  readonly functions: Functions
  readonly origins: Origins
  /** Milliseconds since 1970. */
  readonly clock: number
  /** Says why the result is not what Helm would give. */
  readonly approximate: (reason: string) => void
  readonly execute: (name: string, data: Value) => Output
  /** Shared by a rendering and what it renders inside of itself. */
  readonly spent: { depth: number; steps: number; written: number }
}

/** Loops and recursion of a hostile template end here; no chart comes near. */
const maximumSteps = 2_000_000
const maximumDepth = 200
const maximumWritten = 50_000_000

/** Give it a run to make another one beside it, with other templates. */
export function newRun(init: Omit<Run, 'execute'>): Run {
  const run: Run = { ...init, execute: (name, data) => execute(run, name, data) }
  return run
}

/** Runs a template by its name. Throws TemplateError with the innermost place. */
function execute(run: Run, name: string, data: Value): Output {
  const template = run.templates.get(name)
  if (!template) throw new TemplateError('helm.noTemplate', { name })
  if (run.spent.depth >= maximumDepth) throw new TemplateError('helm.tooDeep', { name })
  run.spent.depth += 1
  try {
    const state = new Execution(run, template, data)
    state.walk(template.nodes)
    return state.output()
  } finally {
    run.spent.depth -= 1
  }
}

type Variable = { readonly name: string; value: Value; origin: ValueOrigin | undefined }
type Flow = 'on' | 'break' | 'continue'
/** A value, where it is written, and whether it is what Go calls an invalid value: nil that was not read from a map. */
type Result = {
  readonly value: Value
  /** Values inside of a text, by where they stand in it. */
  readonly marks?: readonly Mark[] | undefined
  readonly origin?: ValueOrigin | undefined
  readonly loose?: boolean
}

/** Functions that hand a value on as it is, or in quotes. */
const handsOn = new Set([
  'quote',
  'squote',
  'default',
  'toString',
  'required',
  'trim',
  'coalesce',
  'int',
  'int64',
  'ternary',
])

/** Lines asked for, by template and offset: a loop asks for the same ones again. */
const lines = new WeakMap<Template, Map<number, number>>()

class Execution {
  private readonly run: Run
  private readonly template: Template
  private readonly variables: Variable[]
  private dot: Value
  private dotOrigin: ValueOrigin | undefined
  private readonly pieces: string[] = []
  private length = 0
  private readonly marks: Mark[] = []
  private readonly segments: Segment[] = []

  constructor(run: Run, template: Template, data: Value) {
    this.run = run
    this.template = template
    this.dot = data
    this.variables = [{ name: '$', value: data, origin: undefined }]
  }

  output(): Output {
    return { text: this.pieces.join(''), marks: this.marks, segments: this.segments }
  }

  walk(nodes: readonly TemplateNode[]): Flow {
    for (const node of nodes) {
      this.run.spent.steps += 1
      if (this.run.spent.steps > maximumSteps) throw this.place(new TemplateError('helm.tooLong'), node.at)
      const flow = this.step(node)
      if (flow !== 'on') return flow
    }
    return 'on'
  }

  private step(node: TemplateNode): Flow {
    switch (node.type) {
      case 'text':
        this.segments.push({ at: this.length, line: this.line(node.at) })
        this.write(node.text)
        return 'on'
      case 'action': {
        const { value, origin, marks } = this.pipeline(node.pipeline)
        if (node.pipeline.variables.length > 0) return 'on'
        // Helm takes Go's words for "nothing there" out of what was written.
        const text = value === null ? '' : printValue(value).replaceAll('<no value>', '')
        this.segments.push({ at: this.length, line: this.line(node.at), counts: false })
        if (origin && text !== '') this.marks.push({ start: this.length, end: this.length + text.length, origin })
        else
          for (const mark of marks ?? [])
            this.marks.push({ ...mark, start: this.length + mark.start, end: this.length + mark.end })
        this.write(text)
        return 'on'
      }
      case 'if':
      case 'with':
        return this.conditional(node)
      case 'range':
        return this.range(node)
      case 'template': {
        const data = node.pipeline ? this.pipeline(node.pipeline).value : null
        const inner = this.at(node.at, () => this.run.execute(node.name, data))
        const start = this.length
        this.segments.push({ at: start, line: this.line(node.at), counts: false })
        for (const mark of inner.marks)
          this.marks.push({ start: start + mark.start, end: start + mark.end, origin: mark.origin })
        this.write(inner.text)
        return 'on'
      }
      case 'break':
      case 'continue':
        return node.type
    }
  }

  private conditional(node: TemplateNode & { type: 'if' | 'with' | 'range' }): Flow {
    const scope = this.variables.length
    const { value, origin } = this.pipeline(node.pipeline)
    let flow: Flow = 'on'
    if (isTrue(value)) {
      flow = node.type === 'with' ? this.within(value, origin, () => this.walk(node.body)) : this.walk(node.body)
    } else if (node.otherwise) flow = this.walk(node.otherwise)
    this.variables.length = scope
    return flow
  }

  private within(dot: Value, origin: ValueOrigin | undefined, work: () => Flow): Flow {
    const before = this.dot
    const originBefore = this.dotOrigin
    this.dot = dot
    this.dotOrigin = origin
    try {
      return work()
    } finally {
      this.dot = before
      this.dotOrigin = originBefore
    }
  }

  private range(node: TemplateNode & { type: 'if' | 'with' | 'range' }): Flow {
    const scope = this.variables.length
    const { value } = this.pipeline({ ...node.pipeline, variables: [] })
    const over = value instanceof GoObject && value.entries ? value.entries : value
    const names = node.pipeline.variables
    let entries: [Value, Value, string | number][]
    if (isList(over)) entries = over.map((item, index) => [BigInt(index), item, index])
    else if (isDict(over)) entries = sortedEntries(over).map(([key, item]) => [key, item, key])
    else if (typeof over === 'bigint')
      entries = Array.from({ length: Math.max(0, Math.min(Number(over), maximumSteps)) }, (_, index) => [
        BigInt(index),
        BigInt(index),
        index,
      ])
    else if (over === null) entries = []
    else throw this.place(new TemplateError('helm.cannotRange', { type: typeName(over) }), node.at)
    if (entries.length === 0) {
      const flow = node.otherwise ? this.walk(node.otherwise) : 'on'
      this.variables.length = scope
      return flow
    }
    const written = isList(over) || isDict(over) ? this.run.origins.get(over) : undefined
    for (const [index, item, key] of entries) {
      const origin = written?.get(key)
      const mark = this.variables.length
      if (names.length === 1) this.setVariable(names[0]!, item, origin, node.pipeline.assigns, node.at)
      if (names.length === 2) {
        this.setVariable(names[0]!, index, undefined, node.pipeline.assigns, node.at)
        this.setVariable(names[1]!, item, origin, node.pipeline.assigns, node.at)
      }
      const flow = this.within(item, origin, () => this.walk(node.body))
      this.variables.length = mark
      if (flow === 'break') break
    }
    this.variables.length = scope
    return 'on'
  }

  private setVariable(name: string, value: Value, origin: ValueOrigin | undefined, assigns: boolean, at: number): void {
    if (!assigns) {
      this.variables.push({ name, value, origin })
      return
    }
    const known = this.variables.findLast(variable => variable.name === name)
    if (!known) throw this.place(new TemplateError('helm.noVariable', { name }), at)
    known.value = value
    known.origin = origin
  }

  private write(text: string): void {
    this.run.spent.written += text.length
    if (this.run.spent.written > maximumWritten) throw new TemplateError('helm.tooLong')
    this.pieces.push(text)
    this.length += text.length
  }

  private line(at: number): number {
    const known = lines.get(this.template) ?? new Map<number, number>()
    lines.set(this.template, known)
    const line = known.get(at) ?? lineAt(this.template.text, at)
    known.set(at, line)
    return line
  }

  private place(error: TemplateError, at: number): TemplateError {
    error.place ??= { file: this.template.file, line: this.line(at) }
    return error
  }

  private at<T>(offset: number, work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (error instanceof TemplateError) throw this.place(error, offset)
      if (error instanceof RangeError) throw this.place(new TemplateError('helm.tooNested'), offset)
      throw error
    }
  }

  private pipeline(pipeline: Pipeline): Result {
    let result: Result | undefined
    for (const command of pipeline.commands) result = this.command(command, result)
    const last = result ?? { value: null }
    // What comes out of a pipeline is the value itself; a nil of a map becomes nothing at all.
    const value: Result = last.value === null ? { ...last, loose: true } : last
    for (const name of pipeline.variables)
      this.setVariable(name, value.value, value.origin, pipeline.assigns, pipeline.at)
    return value
  }

  private command(command: readonly Expression[], piped: Result | undefined): Result {
    const [first, ...rest] = command
    if (!first) return { value: null }
    if (first.type === 'function') return this.call(first.name, first.at, rest, piped)
    if (first.type === 'field' || first.type === 'variable' || first.type === 'chain')
      return this.path(first, rest, piped)
    if (rest.length > 0 || piped)
      throw this.place(new TemplateError('helm.notCallable', { about: describe(first) }), first.at)
    return this.expression(first)
  }

  private expression(expression: Expression): Result {
    switch (expression.type) {
      case 'literal':
        return { value: expression.value, loose: true }
      case 'dot':
        return { value: this.dot, origin: this.dotOrigin }
      case 'pipeline':
        return this.pipeline(expression.pipeline)
      case 'function':
        return this.call(expression.name, expression.at, [], undefined)
      default:
        return this.path(expression, [], undefined)
    }
  }

  /** A chain of fields; arguments are for a method at its end. */
  private path(
    expression: Expression & { type: 'field' | 'variable' | 'chain' },
    args: readonly Expression[],
    piped: Result | undefined,
  ): Result {
    let at: Result
    if (expression.type === 'field') at = { value: this.dot, origin: this.dotOrigin }
    else if (expression.type === 'chain') at = this.expression(expression.of)
    else {
      const known = this.variables.findLast(variable => variable.name === expression.name)
      if (!known) throw this.place(new TemplateError('helm.noVariable', { name: expression.name }), expression.at)
      at = { value: known.value, origin: known.origin, loose: true }
    }
    const { names } = expression
    for (const [index, name] of names.entries()) {
      const isLast = index === names.length - 1
      const given = isLast ? [...args.map(arg => this.expression(arg)), ...(piped ? [piped] : [])] : []
      at = this.field(at, name, given, expression)
    }
    if (names.length === 0 && (args.length > 0 || piped))
      throw this.place(new TemplateError('helm.notCallable', { about: describe(expression) }), expression.at)
    return at
  }

  private field(at: Result, name: string, args: readonly Result[], expression: Expression): Result {
    const { value } = at
    if (value === null) {
      if (at.loose) return { value: null, loose: true }
      throw this.place(new TemplateError('helm.nilField', { about: describe(expression), name }), expression.at)
    }
    if (value instanceof GoObject) {
      const method = value.methods.get(name)
      if (method)
        return {
          value: this.at(expression.at, () => method(args.map(arg => arg.value))),
        }
      if (value.fields.has(name) && args.length === 0) return { value: value.fields.get(name)! }
      if (isDict(value.entries) && args.length === 0) return { value: value.entries.get(name) ?? null }
    } else if (isDict(value)) {
      if (args.length > 0)
        throw this.place(new TemplateError('helm.notCallable', { about: describe(expression) }), expression.at)
      return { value: value.get(name) ?? null, origin: this.run.origins.get(value)?.get(name) }
    }
    throw this.place(
      new TemplateError('helm.noField', { about: describe(expression), name, type: typeName(value) }),
      expression.at,
    )
  }

  private call(name: string, at: number, args: readonly Expression[], piped: Result | undefined): Result {
    if (name === 'and' || name === 'or') return this.shortCircuit(name, at, args, piped)
    if (name === 'eq' || name === 'ne' || name === 'lt' || name === 'le' || name === 'gt' || name === 'ge') {
      const given = [...args.map(arg => this.expression(arg).value), ...(piped ? [piped.value] : [])]
      return { value: this.at(at, () => compareArguments(name, given)) }
    }
    const known = this.run.functions.get(name)
    if (!known) throw this.place(new TemplateError('helm.noFunction', { name }), at)
    const given = [...args.map(arg => this.expression(arg)), ...(piped ? [piped] : [])]
    const values = given.map((one, index) =>
      isNilDict(known, name, index, one.value, args[index]) ? new Map() : one.value,
    )
    if (name === 'include') {
      const output = this.at(at, () => {
        checkArguments(name, known, values)
        return this.run.execute(textOf(values[0]), values[1] ?? null)
      })
      return { value: output.text, marks: output.marks, loose: true }
    }
    const value = this.at(at, () => {
      checkArguments(name, known, values)
      return known.call(values, this.run)
    })
    if (name === 'toYaml' && typeof value === 'string')
      return { value, marks: marksOfYaml(values[0] ?? null, value, this.run.origins), loose: true }
    if (name === 'dict' || name === 'list') this.keepOrigins(value, given)
    if (name === 'printf' && typeof value === 'string')
      return {
        value,
        marks: marksOfFormat(
          values,
          given.map(one => one.origin),
          value,
        ),
        loose: true,
      }
    const marked = given.findLast(one => one.marks && typeof one.value === 'string')
    if (marked?.marks && typeof marked.value === 'string')
      return { value, marks: carryMarks(name, values, marked.value, marked.marks, value), loose: true }
    const origin = handsOn.has(name) ? sameText(value, given) : undefined
    return { value, origin, loose: true }
  }

  /** A dict or list made here holds values that are written somewhere. */
  private keepOrigins(made: Value, given: readonly Result[]): void {
    const kept = new Map<string | number, ValueOrigin>()
    if (isDict(made))
      for (const [index, one] of given.entries())
        if (index % 2 === 1 && one.origin) kept.set(textOf(given[index - 1]!.value), one.origin)
    if (isList(made)) for (const [index, one] of given.entries()) if (one.origin) kept.set(index, one.origin)
    if (kept.size > 0 && (isDict(made) || isList(made))) this.run.origins.set(made, kept)
  }

  /** The first argument that decides; those after it are not looked at. */
  private shortCircuit(name: 'and' | 'or', at: number, args: readonly Expression[], piped: Result | undefined): Result {
    if (args.length === 0 && !piped)
      throw this.place(new TemplateError('helm.argumentCount', { name, want: '1', got: 0 }), at)
    let last: Result = { value: null }
    for (const arg of args) {
      last = this.expression(arg)
      if (isTrue(last.value) === (name === 'or')) return last
    }
    return piped ?? last
  }
}

function sameText(value: Value, given: readonly Result[]): ValueOrigin | undefined {
  if (value === null || typeof value === 'object') return undefined
  const text = textOf(value)
  return given.findLast(one => {
    if (!one.origin || one.value === null || typeof one.value === 'object') return false
    const own = textOf(one.value)
    return own === text || `"${own}"` === text || `'${own}'` === text
  })?.origin
}

/**
 * Nothing counts as an empty dict where one is wanted, but for a field that is named there: Go knows that one to be no
 * map. (exec.go, validateType)
 */
function isNilDict(
  known: TemplateFunction,
  name: string,
  index: number,
  value: Value,
  written: Expression | undefined,
): boolean {
  const { parameters } = known
  if (value !== null || name === 'set' || parameters[Math.min(index, parameters.length - 1)] !== 'dict') return false
  const isField = written?.type === 'field' || written?.type === 'chain'
  return !isField && !(written?.type === 'variable' && written.names.length > 0)
}

function checkArguments(name: string, known: TemplateFunction, values: readonly Value[]): void {
  const { parameters, rest, optional = 0 } = known
  const least = parameters.length - (rest ? 1 : 0) - optional
  if (values.length < least || (!rest && values.length > parameters.length))
    throw new TemplateError('helm.argumentCount', {
      name,
      want: least === parameters.length ? String(least) : `${least}+`,
      got: values.length,
    })
  for (const [index, value] of values.entries()) {
    const type = parameters[Math.min(index, parameters.length - 1)] ?? 'any'
    if (!fits(type, value))
      throw new TemplateError('helm.argumentType', { name, want: type, got: typeName(value), index: index + 1 })
  }
}

function fits(type: ParameterType, value: Value): boolean {
  switch (type) {
    case 'any':
      return true
    case 'string':
      return typeof value === 'string'
    case 'int':
      return typeof value === 'bigint'
    case 'bool':
      return typeof value === 'boolean'
    case 'dict':
      return isDict(value)
  }
}

const dotted = (names: readonly string[]): string => names.map(name => `.${name}`).join('')

/** An expression as it is written, for messages. */
function describe(expression: Expression): string {
  switch (expression.type) {
    case 'field':
      return dotted(expression.names)
    case 'variable':
      return expression.name + dotted(expression.names)
    case 'chain':
      return `${describe(expression.of)}${dotted(expression.names)}`
    case 'dot':
      return '.'
    case 'literal':
      return printValue(expression.value)
    case 'function':
      return expression.name
    case 'pipeline':
      return '(…)'
  }
}
