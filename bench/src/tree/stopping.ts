/** A measurement that can be stopped at any time, and leaves nothing behind. @module */
import type { Progress } from './progress.js'

/** What is to be closed, the last first. */
export type Ends = (() => Promise<unknown>)[]

/**
 * Runs it to its end, or until `signal` is aborted: then its databases go, and with them what is under way in them.
 * A failure is told, and the exit code is 1.
 */
export async function untilStopped<T>(
  signal: AbortSignal,
  progress: Progress,
  work: (signal: AbortSignal, ends: Ends) => Promise<T>,
): Promise<T | undefined> {
  const ends: Ends = []
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const working = work(signal, ends)
  try {
    return await Promise.race([working, stopped])
  } catch (error) {
    progress.clear()
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
    return undefined
  } finally {
    const close = async (): Promise<void> => {
      for (const end of ends.splice(0)) await end().catch(() => {})
    }
    await close()
    // what it still opened meanwhile
    await working.catch(() => {})
    await close()
  }
}
