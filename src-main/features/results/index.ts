export { recordResult, resultsOf } from './keep-results.ts'
