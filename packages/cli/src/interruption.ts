/**
 * Being told to end: by Ctrl-C, by whoever stops services and jobs, by a terminal that is closed. A statement would go on in the
 * server behind a process that is gone, so it is stopped there, what was begun is undone, and then the command ends.
 *
 * @module
 */
import { explain } from './failure.js'

/** The codes that shells give whom a signal ended. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const

type Signal = keyof typeof exitCodes

const signals = Object.keys(exitCodes) as readonly Signal[]

const end = (signal: Signal): void => process.exit(exitCodes[signal])

/** While nothing is under way in a server: files are put in place whole or not at all. */
export function endAtOnce(): void {
  for (const signal of signals) process.on(signal, end)
}

/** The database is in this process, which hears nothing before a statement is done: the system ends it, and whoever opens the file next undoes what was begun. */
export async function unheard<T>(work: () => Promise<T>): Promise<T> {
  for (const signal of signals) process.off(signal, end)
  try {
    return await work()
  } finally {
    endAtOnce()
  }
}

/** Work that is asked to stop by the first signal; a second one ends the process at once. */
export async function interruptible<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const ask = (signal: Signal): void => {
    for (const each of signals) process.off(each, ask).on(each, end)
    stop.abort(Object.assign(new Error('interrupted'), { exitCode: exitCodes[signal] }))
  }
  for (const signal of signals) process.off(signal, end).on(signal, ask)
  try {
    return await work(stop.signal)
  } catch (error) {
    if (!stop.signal.aborted) throw error
    const { message, exitCode } = stop.signal.reason
    const why = error === stop.signal.reason ? '' : `: ${explain(error).split('\n')[0]}`
    throw Object.assign(new Error(`${message}${why}`), { exitCode })
  } finally {
    for (const signal of signals) process.off(signal, ask).off(signal, end).on(signal, end)
  }
}

/** Runs one statement. */
type Run<Values, Rows> = (sql: string, values?: Values) => Promise<Rows>

/**
 * Statements of which one fails when it is to stop: that which is under way, or else the next. Those that undo what was begun go
 * through, once the server has been told: it would stop one of them.
 */
export function stoppable<Values, Rows>(
  run: Run<Values, Rows>,
  cancel: () => Promise<void>,
  stop: AbortSignal,
): Run<Values, Rows> {
  let told: Promise<void> | undefined
  let stopped = false
  stop.addEventListener('abort', () => {
    told = cancel().catch(error => {
      process.stderr.write(`pillion: cannot stop the statement in the server, and waits for it: ${explain(error)}\n`)
    })
  })
  return async (sql, values) => {
    await told
    if (stop.aborted && !stopped) {
      stopped = true
      throw stop.reason
    }
    try {
      return await run(sql, values)
    } catch (error) {
      stopped ||= stop.aborted
      throw error
    }
  }
}
