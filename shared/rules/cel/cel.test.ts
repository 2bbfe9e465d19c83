import { expect, test } from 'vitest'
import { needsDescriptors, runSpecTest, sections } from './cel.conformance.ts'

/**
 * The sections that speak of the language and its extensions. Tests that only a descriptor of messages makes sense of
 * are left out of each: rules have facts, not messages.
 */
const core = [
  'basic',
  'bindings_ext',
  'comparisons',
  'conversions',
  'dynamic',
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
  'proto2',
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
  expect(count).toBe(1738)
  expect(failures).toEqual([])
})
