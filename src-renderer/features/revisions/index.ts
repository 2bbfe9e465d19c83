export { CommitSlider } from './commit-slider.tsx'
export { shortRevision } from './short-revision.ts'
export { useRevisionChoices } from './use-revision-choices.ts'
