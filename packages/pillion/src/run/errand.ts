/**
 * One statement's way from the caller to the wire and back, and what may cut it short.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { alarm, silence } from './clock.js'
import type { Interruptions } from './host.js'
import { onAbort } from './on-abort.js'

/** What a statement carries with it on its way. */
export interface Errand {
  /** Aborts with a `PillionError` as its reason. Absent where nothing can interrupt. */
  readonly signal?: AbortSignal
  /** True from the moment the statement goes over the wire: from then on the server must be told to stop. */
  sent: boolean
  /** Answers the caller now although the statement is still under way: only when the server cannot be told. */
  readonly abandon: (reason: PillionError) => void
}

/**
 * Runs a job that `signal` or `timeout` may interrupt. Before the statement is sent the caller is answered at once, and
 * the job finds the signal aborted when its turn comes; afterwards the job itself answers, when the server has stopped.
 *
 * @throws PillionError `CANCELLED`, `TIMED_OUT`.
 */
export function onErrand<T>(options: Interruptions, sql: string, job: (errand: Errand) => Promise<T>): Promise<T> {
  const isFree = options.signal === undefined && options.timeout === undefined
  return isFree ? job({ sent: false, abandon: noOne }) : interruptible(options, sql, job)
}

const noOne = (): void => {}

async function interruptible<T>(options: Interruptions, sql: string, job: (errand: Errand) => Promise<T>): Promise<T> {
  const interruption = interruptedBy(options, sql)
  try {
    interruption.signal.throwIfAborted()
    return await new Promise<T>((resolve, reject) => {
      const errand: Errand = { signal: interruption.signal, sent: false, abandon: reject }
      interruption.signal.addEventListener('abort', () => {
        if (!errand.sent) reject(interruption.signal.reason)
      })
      job(errand).then(resolve, reject)
    })
  } finally {
    interruption.end()
  }
}

/** A signal and a timeout as one signal whose reason is pillion's error. */
export interface Interruption {
  readonly signal: AbortSignal
  /** Stops the clock. */
  end(): void
}

/** Watches a caller's signal and clock. An aborted signal wins over a timeout of 0. */
export function interruptedBy({ signal, timeout }: Interruptions, sql: string): Interruption {
  const controller = new AbortController()
  const cancel = (): void =>
    controller.abort(
      new PillionError('CANCELLED', 'The statement was cancelled by its signal.', { sql, cause: signal?.reason }),
    )
  const expire = (): void =>
    controller.abort(new PillionError('TIMED_OUT', `The statement ran past its timeout of ${timeout} ms.`, { sql }))
  if (signal?.aborted) cancel()
  const unlisten = signal && onAbort(signal, cancel)
  const clock = timeout === undefined ? undefined : alarm(timeout, expire)
  return {
    signal: controller.signal,
    end() {
      silence(clock)
      unlisten?.()
    },
  }
}
