import type { FunctionTable } from './define-function.ts'
import { newRun } from './evaluate.ts'
import { chartFunctions } from './helm-functions.ts'
import { parseTemplate } from './parse-template.ts'
import type { Value } from './value.ts'

/** Runs a Go template with Sprig's and Helm's functions, and more, on data. Throws TemplateError. */
export function runTemplate(text: string, data: Value, more: FunctionTable = {}): string {
  const templates = new Map(parseTemplate('text', 'text', text).map(template => [template.name, template]))
  const run = newRun({
    templates,
    functions: new Map([...chartFunctions, ...Object.entries(more)]),
    origins: new WeakMap(),
    clock: 0,
    approximate: () => undefined,
    spent: { depth: 0, steps: 0, written: 0 },
  })
  return templates.has('text') ? run.execute('text', data).text : text
}
