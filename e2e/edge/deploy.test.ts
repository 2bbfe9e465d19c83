import { existsSync } from 'node:fs'
import { deploySuite } from './deploy-suite.ts'
import { hasSshd, opensshGround, sandboxGround } from './grounds.ts'

// On a real ARM64 machine: beside the looks at it, as it is started once.
deploySuite('a sandbox node', sandboxGround, { systemd: true, real: false })
if (hasSshd)
  deploySuite('OpenSSH on this machine', opensshGround, { systemd: existsSync('/run/systemd/system'), real: false })
