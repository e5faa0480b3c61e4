/**
 * Stopping a statement of MySQL's: over a second, short connection, by the number that the server has for it. To kill
 * whatever a session runs would hit the next statement where ours has ended by then, and that is the host's.
 *
 * @module
 */
import { setTimeout as pause } from 'node:timers/promises'
import { nextTurn } from '../../run/clock.js'

/** A second connection: runs a statement, and gives the first cell of its first row, where there is one. */
export type Ask = (sql: string) => Promise<string | number | bigint | null | undefined>

/** Milliseconds before the server is asked again: twice as many each time, up to the longest. */
const [first, longest] = [10, 1_000]

/**
 * Has the server stop the statement that a session is running, and asks again until that has ended: what arrives while the
 * server makes a statement ready hits nothing. Settles when no request is under way.
 *
 * @throws whatever kept the server from being asked.
 */
export async function stopUntil(ended: Promise<unknown>, session: number | null, ask: Ask): Promise<void> {
  let isOver = false
  const over = (): void => void (isOver = true)
  const end = ended.then(over, over)
  for (let wait = first; !isOver; wait = Math.min(2 * wait, longest)) {
    const kill = await killing(session, ask)
    // the last word on ours may have come beside that answer, and not have been read yet
    await nextTurn()
    if (isOver) return
    if (kill !== undefined) await ask(kill).catch(ignoring(gone))
    await Promise.race([end, pause(wait, undefined, { ref: false })])
  }
}

/** By which words a session's statement is stopped; undefined where it runs none. MySQL has no numbers of statements. */
async function killing(session: number | null, ask: Ask): Promise<string | undefined> {
  const running = `SELECT query_id FROM information_schema.processlist WHERE id = ${session} AND command <> 'Sleep'`
  try {
    const statement = await ask(running)
    return statement == null ? undefined : `KILL QUERY ID ${statement}`
  } catch (error) {
    ignoring([noSuchColumn])(error)
    return `KILL QUERY ${session}`
  }
}

const noSuchColumn = 1054
/** There is no such session, or no such statement, any more. */
const gone = [1094, 1957]

/** Passes on every error but those of some numbers. */
function ignoring(numbers: readonly number[]): (error: unknown) => void {
  return error => {
    if (!numbers.includes((error as { readonly errno?: number }).errno ?? 0)) throw error
  }
}
