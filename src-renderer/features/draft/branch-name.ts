/** A branch name drafted from the decision's title: `decision/raise-checkout-to-4-replicas`. */
export function draftBranchName(title: string): string {
  const slug = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  const short = [...slug].slice(0, 48).join('').replace(/-+$/, '')
  return `decision/${short || 'draft'}`
}

/**
 * Whether Git takes it as a branch name (git-check-ref-format(1), with the rule of `git branch` that it starts with no
 * dash). The core checks again; this one answers while it is typed.
 */
export function isBranchName(name: string): boolean {
  if (name === '' || name === '@' || name.startsWith('-') || name === 'HEAD') return false
  if (/[\p{Cc} ~^:?*[\\]/u.test(name) || name.includes('..') || name.includes('@{')) return false
  if (name.endsWith('.')) return false
  return name.split('/').every(part => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'))
}
