import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Home } from './isolated-home.ts'

const program = join(import.meta.dirname, '../../bin/pilothouse')

export type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs `pilothouse` with these arguments in a folder, to its end. */
export function pilothouse(home: Home, directory: string, arguments_: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...arguments_], { cwd: directory, env: home.environment })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      err += text
    })
    child.once('error', reject)
    child.once('close', code => resolve({ code, out, err }))
    // A program that has ended already wants no input.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
