export { CompareScreen } from './compare-screen.tsx'
export { type CompareTab, compareTabs } from './compare-tabs.ts'
