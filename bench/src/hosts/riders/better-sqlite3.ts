/** `better-sqlite3` itself, in the two ways of using it. @module */
import Sqlite from 'better-sqlite3'
import { betterSqlite3Host } from 'pillion/better-sqlite3'
import { moment, type Ask, type Open, truth } from '../rider.js'

/** What SQLite has no types for. */
export const lackingOnSqlite = {
  whole: BigInt,
  exact: String,
  yes: truth,
  at: (value: string): Date => moment(`${value.replace(' ', 'T')}Z`),
}

/** `database.prepare(sql).all(…)` each time. */
export const open: Open = async file =>
  riderOn(
    file,
    database =>
      ({ marked, values }) =>
        database.prepare(marked).all(...values),
  )

/** A statement that the application has prepared and kept. */
export const openKept: Open = async file =>
  riderOn(file, database => {
    const kept = new Map<string, Sqlite.Statement>()
    return ({ marked, values }) => {
      const statement = kept.get(marked) ?? database.prepare(marked)
      kept.set(marked, statement)
      return statement.all(...values)
    }
  })

function riderOn(file: string, askOn: (database: Sqlite.Database) => Ask) {
  const database = new Sqlite(file)
  const ask = askOn(database)
  return {
    host: betterSqlite3Host(database),
    root: ask,
    async transaction(work: (target: unknown, ask: Ask) => Promise<void>) {
      database.exec('begin')
      await work(database, ask)
      database.exec('commit')
    },
    rows: (rows: object[]) => rows,
    lacking: lackingOnSqlite,
    close: () => database.close(),
  }
}
