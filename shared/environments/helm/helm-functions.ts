import { parseYaml } from '../../yaml/parse-yaml.ts'
import { dataFunctions, jsonReading } from './data-functions.ts'
import { define, type FunctionTable, text } from './define-function.ts'
import { type Functions, newRun, type Run, type TemplateFunction } from './evaluate.ts'
import { fromPlain } from './go-json.ts'
import { toToml, toYaml, toYamlPretty } from './go-yaml.ts'
import { parseTemplate } from './parse-template.ts'
import { textFunctions } from './text-functions.ts'
import { isDict, isList, kindName, TemplateError, type Value } from './value.ts'

/** A value of YAML text as sigs.k8s.io/yaml reads it into an interface{}: every number is a float64. */
function readYaml(source: string): { readonly value: Value; readonly error?: string } {
  const [first] = parseYaml(source)
  const [error] = first?.yaml.errors ?? []
  return error ? { value: null, error: error.message } : { value: fromPlain(first?.yaml.value ?? null) }
}

/** Renders text of values as a template of its own; what it defines ends with it. */
function renderText(source: string, data: Value, run: Run): string {
  const templates = new Map(run.templates)
  const name = isDict(data) ? 'tpl' : 'tpl '
  for (const template of parseTemplate(name, 'tpl', source)) templates.set(template.name, template)
  return newRun({ ...run, templates }).execute(name, data).text
}

const helmFunctions: FunctionTable = {
  include: define('string any?', ([name, data], run) => run.execute(String(name), data ?? null).text),
  tpl: define('string any', (args, run) => {
    try {
      return renderText(text(args, 0), args[1]!, run)
    } catch (error) {
      // The line counts in the text that was given; where that was asked for says more.
      if (error instanceof TemplateError && error.place?.file === 'tpl') error.place = undefined
      throw error
    }
  }),
  required: define('string any', ([message, value]) => {
    if (value === null || value === '') throw new TemplateError('helm.required', { reason: String(message) })
    return value!
  }),
  fail: define('string', ([message]) => {
    throw new TemplateError('helm.failed', { reason: String(message) })
  }),
  lookup: define('string string string string', (_, run) => {
    run.approximate('lookup')
    return new Map()
  }),
  getHostByName: define('string', (_, run) => {
    run.approximate('getHostByName')
    return ''
  }),
  toYaml: define('any', ([value]) => toYaml(value!)),
  mustToYaml: define('any', ([value]) => toYaml(value!)),
  toYamlPretty: define('any', ([value]) => toYamlPretty(value!)),
  toToml: define('any', ([value]) => toToml(value!)),
  fromYaml: define('string', args => {
    const { value, error } = readYaml(text(args, 0))
    if (error !== undefined) return new Map([['Error', error]])
    if (value === null) return new Map()
    return isDict(value)
      ? value
      : new Map([['Error', `error unmarshaling JSON: json: cannot unmarshal ${kindName(value)}`]])
  }),
  fromYamlArray: define('string', args => {
    const { value, error } = readYaml(text(args, 0))
    if (error !== undefined) return [error]
    return isList(value) ? value : value === null ? [] : [`json: cannot unmarshal ${kindName(value)}`]
  }),
}

/** Every function a chart's template may call. */
export const chartFunctions: Functions = new Map<string, TemplateFunction>(
  Object.entries({ ...textFunctions, ...dataFunctions, ...jsonReading, ...helmFunctions }),
)
