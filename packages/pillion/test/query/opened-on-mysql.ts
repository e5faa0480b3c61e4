import mysql, { type Pool } from 'mysql2/promise'
import { type Database, pillion } from 'pillion'
import { mysql2Host } from 'pillion/mysql2'
import { afterAll, beforeAll } from 'vitest'
import type { Database as OwnDatabase } from '../../../../test/support/postgres.js'
import { describeOnMysql } from '../hosts/mysql-observer.js'

/** A database of the test's own on MySQL or MariaDB, by one connection, which runs several statements in one text. */
export interface Opened {
  readonly pool: Pool
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly db: Database<any>
  close(): Promise<void>
}

/** Makes it, runs the statements in it, and reflects it. */
export async function openedOnMysql(create: () => Promise<OwnDatabase>, statements: string): Promise<Opened> {
  const database = await create()
  const pool = mysql.createPool({ uri: database.url, multipleStatements: true, connectionLimit: 1 })
  const close = () => pool.end().then(database.drop)
  try {
    await pool.query(statements)
    return { pool, db: await pillion(mysql2Host(pool)), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A suite for each of the two servers, over a database that is made for it. */
export function describeOpenedOnMysql(statements: string, suite: (opened: () => Opened) => void): void {
  describeOnMysql(({ create }) => {
    let opened: Opened
    beforeAll(async () => {
      opened = await openedOnMysql(create, statements)
    })
    afterAll(() => opened.close())

    suite(() => opened)
  })
}
