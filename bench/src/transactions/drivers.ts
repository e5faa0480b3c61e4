/** One statement in a transaction, by hand on each driver and by pillion: each pair on a connection of its own. @module */
import Sqlite from 'better-sqlite3'
import mariadb from 'mariadb'
import mysql from 'mysql2/promise'
import { transactions } from 'pillion/transaction'
import postgres from 'postgres'
import type { Contender, Field, Statements } from './contenders.js'
import { knowing } from './knowing.js'

const statements: Statements = Object.freeze({
  read: 'select 1 as n',
  write: 'insert into written values (1) returning n',
})

/** What of a connection takes part here: as `mysql2` and `mariadb` give it. */
interface Connection {
  query(sql: string): Promise<unknown>
  release(): unknown
}

interface Pool {
  getConnection(): Promise<Connection>
  end(): Promise<void>
}

function pair(driver: string, byHand: Contender['once'], run: Contender['once']): readonly [Contender, Contender] {
  const beside = `${driver} by hand`
  return [
    { name: beside, beside, once: byHand },
    { name: `pillion on ${driver}`, beside, once: run },
  ]
}

function onMysql(driver: string, pool: Pool): Field {
  const tx = transactions(pool)
  const byHand = async (sql: string): Promise<void> => {
    const connection = await pool.getConnection()
    try {
      await connection.query('START TRANSACTION')
      await connection.query(sql)
      await connection.query('COMMIT')
    } catch (error) {
      await connection.query('ROLLBACK')
      throw error
    } finally {
      await connection.release()
    }
  }
  return {
    statements,
    contenders: pair(driver, byHand, sql => tx.run(t => t.orm.query(sql))),
    [Symbol.asyncDispose]: () => pool.end(),
  }
}

/** Its own way is `begin`, by a callback, and statements by tags: nobody writes BEGIN by hand there. */
export function onPostgresJs(url: string): Field {
  const tag = postgres(url, { max: 1, onnotice: () => {} })
  const tx = transactions(tag)
  const templates = new Map(Object.values(statements).map(sql => [sql, Object.assign([sql], { raw: [sql] })]))
  const asked = (sql: string): TemplateStringsArray => templates.get(sql)!
  return {
    statements,
    contenders: pair(
      'postgres.js',
      sql => tag.begin(t => t(asked(sql))),
      sql => tx.run(t => t.orm(asked(sql))),
    ),
    [Symbol.asyncDispose]: () => tag.end(),
  }
}

export function onMysql2(uri: string): Field {
  return onMysql('mysql2', mysql.createPool({ uri, connectionLimit: 1 }) as unknown as Pool)
}

export function onMariadb(url: string): Field {
  return onMysql('mariadb', mariadb.createPool(`${url.replace(/^mysql:/, 'mariadb:')}?connectionLimit=1`))
}

export function onBetterSqlite3(file: string): Field {
  const database = new Sqlite(file)
  const tx = transactions(database)
  const byHand = async (sql: string): Promise<void> => {
    // the lock of the writer at once, as pillion takes it
    database.exec('BEGIN IMMEDIATE')
    try {
      database.prepare(sql).all()
      database.exec('COMMIT')
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }
  const [plain, ours] = pair('better-sqlite3', byHand, sql => tx.run(t => t.orm.prepare(sql).all()))
  return {
    statements,
    contenders: [plain, knowing(plain), ours],
    [Symbol.asyncDispose]: async () => void database.close(),
  }
}
