import { expect, test } from 'vitest'
import { runSpecTest, sections } from './cel.conformance.ts'
import { suiteMessages } from './proto-messages.conformance.ts'

/**
 * Not run: the inner language of cel-go's optimizer, enumerations as types of their own (which the specification leaves
 * to choice, and these sections mix with the others), and macros for extensions of protocol buffers.
 */
const notRun = ['block_ext', 'enums', 'proto2_ext']

test('the official conformance suite of CEL passes through compileExpression', () => {
  const failures: string[] = []
  let count = 0
  for (const [name, tests] of sections()) {
    if (notRun.includes(name)) continue
    for (const each of tests) {
      count++
      const failure = runSpecTest(each, suiteMessages)
      if (failure !== null) failures.push(`${name}: ${each.original.expr}: ${failure}`)
    }
  }
  expect(failures).toEqual([])
  expect(count).toBe(2204)
})
