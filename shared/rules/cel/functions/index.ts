import type { CelFunction } from '../function-table.ts'
import { collectionFunctions, optionalFunctions } from './collections.ts'
import { conversions } from './convert.ts'
import { mathFunctions } from './math.ts'
import { operators } from './operators.ts'
import { textFunctions } from './text.ts'
import { timeFunctions } from './time.ts'

/** The core of the specification, and its extensions for strings, math, lists, sets, encoders and optionals. */
export const standardFunctions: readonly CelFunction[] = [
  ...operators,
  ...conversions,
  ...textFunctions,
  ...timeFunctions,
  ...mathFunctions,
  ...collectionFunctions,
  ...optionalFunctions,
]
