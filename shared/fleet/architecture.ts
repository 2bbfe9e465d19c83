import type { Architecture } from '../edge/edge-schema.ts'

/** What a program is made for: an architecture, another machine by its number in ELF, or no ELF program at all. */
export type ProgramKind =
  | { readonly kind: 'elf'; readonly architecture: Architecture }
  | { readonly kind: 'elf-other'; readonly machine: number }
  | { readonly kind: 'no-elf' }

/** `e_machine` of the ELF header (System V gABI, chapter 4), by class: 32-bit x86 and x86-64 have numbers of their own. */
const machines: { readonly [machine: number]: Architecture } = {
  3: '386',
  40: 'arm',
  62: 'amd64',
  183: 'arm64',
  243: 'riscv64',
}

/** Reads the first 20 bytes of a file. */
export function programKind(head: Uint8Array): ProgramKind {
  const isElf = head.length >= 20 && head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
  if (!isElf) return { kind: 'no-elf' }
  const isBig = head[5] === 2
  const machine = isBig ? head[18]! * 256 + head[19]! : head[19]! * 256 + head[18]!
  const architecture = isBig ? undefined : machines[machine]
  return architecture ? { kind: 'elf', architecture } : { kind: 'elf-other', machine }
}

/** What `uname -m` says, by the names of OCI and Go; null for what is none of ours. */
export function architectureOfMachine(machine: string): Architecture | null {
  if (/^(aarch64|arm64)$/.test(machine)) return 'arm64'
  if (/^arm(v[5-8].*)?$/.test(machine)) return 'arm'
  if (/^(x86_64|amd64)$/.test(machine)) return 'amd64'
  if (/^i[3-6]86$/.test(machine)) return '386'
  return machine === 'riscv64' ? 'riscv64' : null
}

/** May a node of one architecture run programs of another? 64-bit x86 kernels run 32-bit programs; no other pair is relied on. */
export const canRun = (node: Architecture, program: Architecture): boolean =>
  node === program || (node === 'amd64' && program === '386')
