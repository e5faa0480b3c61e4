/** Node's own SQLite, where Node has it. @module */
import { type NodeSqliteDatabase, nodeSqliteHost } from 'pillion/node-sqlite'
import type { Open } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'

/** The types of Node 20 do not know it. */
interface DatabaseSync extends NodeSqliteDatabase {
  prepare(sql: string): { all(...values: readonly number[]): object[] }
  exec(sql: string): void
  close(): void
}

export const open: Open = async file => {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite' as 'node:fs') as unknown as {
    readonly DatabaseSync: new (file: string) => DatabaseSync
  }
  const database = new DatabaseSync(file)
  const ask = ({ marked, values }: { readonly marked: string; readonly values: readonly number[] }) =>
    database.prepare(marked).all(...values)
  return {
    host: nodeSqliteHost(database),
    root: ask,
    async transaction(work) {
      database.exec('begin')
      await work(database, ask)
      database.exec('commit')
    },
    rows: (rows: object[]) => rows,
    lacking: lackingOnSqlite,
    close: () => database.close(),
  }
}
