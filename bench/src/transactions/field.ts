/** Who is compared with whom, around one statement in a transaction. @module */

/** One transaction around one statement. */
export interface Contender {
  readonly name: string
  /** Whom its time is compared with: the same host, by its own means. */
  readonly beside: string
  once(sql: string): Promise<unknown>
}

/** What the one statement is. */
export interface Statements {
  /** The least that there is to do: one row by its key. */
  readonly read: string
  /** One row, which the server has on its disk when it answers COMMIT. */
  readonly write: string
}

/**
 * Those who share one connection: two connections have two processes of the server's behind them, and which processor those are
 * put on makes more of a difference than what is measured.
 */
export interface Field {
  readonly contenders: readonly Contender[]
  close(): unknown
}

/** Opens a field on a database: a URL, or the name of SQLite's file. */
export type Open = (database: string) => Field | Promise<Field>

/** A host by its own means, and by pillion. */
export function pair(host: string, own: Contender['once'], run: Contender['once']): readonly [Contender, Contender] {
  return [
    { name: host, beside: host, once: own },
    { name: `pillion on ${host.replace(' by hand', '')}`, beside: host, once: run },
  ]
}

/** What each database is filled with. */
export const setUp: readonly string[] = Object.freeze([
  'create table interview (id int primary key, title varchar(100) not null)',
  "insert into interview values (1, 'The first')",
  'create table written (n int not null)',
])

export const statements: Statements = Object.freeze({
  read: 'select title from interview where id = 1',
  write: 'insert into written values (1) returning n',
})
