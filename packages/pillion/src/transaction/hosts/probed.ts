/**
 * Statements of MySQL's and MariaDB's whose text does not tell whether they end the transaction: a procedure may, or a comment that is
 * executed. A savepoint is gone with the transaction that it was made in, whether another was begun since or not: so one is set before,
 * and asked for afterwards.
 *
 * @module
 */
import { errorsBelow } from '../../errors-below.js'
import { counting } from '../../run/once.js'
import { mayHideEnding } from './ending-text.js'
import { endedBySql } from './mysql.js'

const nextMark = counting('marked-savepoints.1')

/**
 * Runs a statement: `SAVEPOINT …`, itself, `RELEASE SAVEPOINT …` where it may hide an end, else itself alone.
 *
 * @throws PillionError `TRANSACTION_FINISHED` where it has ended the transaction, whether it failed or not
 */
export function probed<T>(
  asked: unknown,
  execute: (sql: string) => Promise<unknown>,
  statement: () => Promise<T>,
): Promise<T> {
  return mayHideEnding(asked) ? within(execute, statement) : statement()
}

async function within<T>(execute: (sql: string) => Promise<unknown>, statement: () => Promise<T>): Promise<T> {
  const mark = newMark()
  await execute(mark.set)
  let result: T
  try {
    result = await statement()
  } catch (error) {
    await execute(mark.release).catch(refusal => {
      if (isGone(refusal)) throw endedBySql(error)
    })
    throw error
  }
  await execute(mark.release).catch(refusal => {
    throw isGone(refusal) ? endedBySql() : refusal
  })
  return result
}

/** Tells by a callback, as `mysql2` does. */
type Told = (failure: unknown, ...rest: unknown[]) => void

/**
 * The same by callbacks: the three are asked at once, and run in that order.
 *
 * @param ask sends a statement of ours; `statement` sends theirs
 */
export function probedAtOnce<R>(
  asked: unknown,
  ask: (sql: string, told: Told) => unknown,
  statement: (told: Told) => R,
  told: Told,
): R {
  if (!mayHideEnding(asked)) return statement(told)
  const mark = newMark()
  ask(mark.set, () => {})
  let held: readonly [failure: unknown, ...rest: unknown[]] = [undefined]
  const sent = statement((...given) => (held = given))
  ask(mark.release, refusal => {
    const [failure, ...rest] = held
    told(isGone(refusal) ? endedBySql(failure ?? undefined) : (failure ?? refusal), ...rest)
  })
  return sent
}

function newMark(): { readonly set: string; readonly release: string } {
  const name = `pillion_mark_${nextMark()}`
  return { set: `SAVEPOINT ${name}`, release: `RELEASE SAVEPOINT ${name}` }
}

/** The number for what is not there, and the word where a host tells only that. */
const unknown = 1305

function isGone(refusal: unknown): boolean {
  return errorsBelow(refusal).some(
    ({ errno, originalCode, meta }: Refusal) =>
      errno === unknown || Number(originalCode) === unknown || Number(meta?.code) === unknown,
  )
}

interface Refusal {
  readonly errno?: unknown
  readonly originalCode?: unknown
  readonly meta?: { readonly code?: unknown }
}
