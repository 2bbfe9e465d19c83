import type { Message, MessageKey } from '../messages/index.ts'

const words: readonly (readonly [RegExp, MessageKey])[] = [
  [/^live\.why(Memory)/, 'live.shortMemory'],
  [/^live\.why(Crash|Killed|Ends|InitCrash|NoCommand|CannotStart)/, 'live.shortCrash'],
  [/^live\.whyImage/, 'live.shortImage'],
  [/^live\.why(Unschedulable|Pending|Gated)/, 'live.shortPlace'],
  [/^live\.why(Claim|Volume|Mount)/, 'live.shortVolume'],
  [/^live\.why(Key|Config)/, 'live.shortConfig'],
  [/^live\.why(Readiness|Startup|Liveness)/, 'live.shortProbe'],
  [/^live\.whyNode/, 'live.shortNode'],
  [/^live\.why(Quota|NotCreated)/, 'live.shortRefused'],
  [/^live\.whyMissing/, 'live.shortMissing'],
  [/^live\.why(Evicted|Preempted)/, 'live.shortEvicted'],
]

/** Why in two or three words, for where a sentence has no room. */
export const shortWhy = ({ key }: Message): MessageKey =>
  words.find(([keys]) => keys.test(key))?.[1] ?? 'live.shortTrouble'
