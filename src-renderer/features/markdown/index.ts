export { splitFrontMatter } from '../../../shared/decisions/front-matter.ts'
export { Markdown } from './lazy-markdown.tsx'
