/** The process that a field runs in, seen from the bench. @module */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { heard } from '../process.js'
import type { Named } from './once.js'
import type { Course, Samples } from './rounds.js'

export interface Runner extends AsyncDisposable {
  readonly pid: number
  readonly contenders: readonly Named[]
  run(course: Course): Promise<Samples>
}

/** Starts a field's process, which ends when disposed of, or at once on `signal`. */
export async function startRunner(name: string, database: string, signal: AbortSignal): Promise<Runner> {
  const file = fileURLToPath(new URL('./once.js', import.meta.url))
  const child = fork(file, [name, database], { execArgv: ['--expose-gc'], signal })
  // an aborted child raises `error` even when nobody waits for it
  child.on('error', () => {})
  const contenders = await heard<readonly Named[]>(child)
  return {
    pid: child.pid!,
    contenders,
    run(course) {
      child.send(course)
      return heard<Samples>(child)
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      if (child.connected) child.disconnect()
      await gone
    },
  }
}
