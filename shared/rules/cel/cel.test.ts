import { expect, test } from 'vitest'
import { needsDescriptors, runSpecTest, sections } from './cel.conformance.ts'

/** The sections that speak of the language itself; the rest speaks of protocol buffers. */
const core = [
  'basic',
  'bindings_ext',
  'comparisons',
  'conversions',
  'encoders_ext',
  'fields',
  'fp_math',
  'integer_math',
  'lists',
  'logic',
  'macros',
  'macros2',
  'math_ext',
  'namespace',
  'optionals',
  'parse',
  'plumbing',
  'string',
  'string_ext',
  'timestamps',
  'type_deductions',
]

test('the official conformance suite of CEL passes', () => {
  const failures: string[] = []
  let count = 0
  for (const [name, tests] of sections()) {
    if (!core.includes(name)) continue
    for (const each of tests.filter(each => !needsDescriptors(each))) {
      count++
      const failure = runSpecTest(each)
      if (failure !== null) failures.push(`${name}: ${each.original.expr}: ${failure}`)
    }
  }
  expect(count).toBeGreaterThan(1600)
  expect(failures).toEqual([])
})
