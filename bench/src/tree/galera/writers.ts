/** Writers who change one tree from several nodes of a cluster at once. @module */
import { withRetry, retryable } from 'pillion'
import type { Connection } from 'mysql2/promise'

/** What became of their transactions. */
export interface Tally {
  done: number
  /** A deadlock, or a conflict that the cluster found: run again. */
  again: number
  /** Below itself, or a parent that is gone. */
  refused: number
  /** A trigger that the node could not read to its end, and would not read again: its tables were flushed. */
  flushed: number
  readonly other: Map<string, number>
}

/** What each transaction does before anything else; nothing by default. */
export interface Manner {
  readonly first?: string
}

/** Writes until the time is up. `n` tells its keys from others'. */
export async function write(
  connection: Connection,
  n: number,
  until: number,
  { first }: Manner,
  tally: Tally,
): Promise<void> {
  for (let turn = 1; performance.now() < until; turn++) {
    const statements = [...(first === undefined ? [] : [first]), await change(connection, n * 1_000_000 + turn)]
    try {
      await withRetry(() => transaction(connection, statements, tally), { attempts: 1_000, baseDelay: 1 })
      tally.done++
    } catch (error) {
      const { message, code = '' } = error as Error & { readonly code?: string }
      // the same for every key
      const said = `${code}: ${message.replaceAll(/'[\d-]+'/g, '…').slice(0, 90)}`
      if (/below itself|foreign key|missing/.test(message)) tally.refused++
      else tally.other.set(said, (tally.other.get(said) ?? 0) + 1)
    }
  }
}

async function change(connection: Connection, key: number): Promise<string> {
  const [rows] = await connection.query('SELECT id FROM node ORDER BY RAND() LIMIT 2')
  const [a, b] = (rows as { id: number }[]).map(({ id }) => id)
  const dice = Math.random()
  if (dice < 0.45) return `INSERT INTO node (id, parent_id) VALUES (${key}, ${a})`
  if (dice < 0.9) return `UPDATE node SET parent_id = ${b ?? a} WHERE id = ${a} AND parent_id IS NOT NULL`
  return `DELETE FROM node WHERE id = ${a} AND id > 5`
}

async function transaction(connection: Connection, statements: readonly string[], tally: Tally): Promise<void> {
  try {
    await connection.query('BEGIN')
    for (const sql of statements) await connection.query(sql)
    await connection.query('COMMIT')
  } catch (error) {
    await connection.query('ROLLBACK').catch(() => {})
    if (retryable(error)) tally.again++
    if (!isSpoilt(error)) throw error
    tally.flushed++
    await connection.query('FLUSH LOCAL TABLES node')
    await transaction(connection, statements, tally)
  }
}

/** Who has to give way while its trigger is read leaves half of it in the node's cache, for all who come. */
const isSpoilt = (error: unknown): boolean => /has an error in its body/.test((error as Error).message)
