export { splitFrontMatter } from './front-matter.ts'
export { Markdown } from './lazy-markdown.tsx'
