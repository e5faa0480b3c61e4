/**
 * What InnoDB does to two transactions that want each other's rows: a deadlock (1213) takes back the whole of one, and a lock that
 * does not come in time (1205) one statement only. Where MariaDB keeps to its snapshot, a row that has changed since (1020) takes back
 * the whole, too.
 */
import 'reflect-metadata'
import { defineConfig, MikroORM } from '@mikro-orm/mariadb'
import { PrismaMariaDb } from '@prisma/adapter-mariadb'
import { sql as raw } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/mysql2'
import knexOf, { type Knex } from 'knex'
import { CompiledQuery, Kysely, MysqlDialect } from 'kysely'
import { type Connection as MariadbConnection, createPool as createMariadbPool } from 'mariadb'
import { type Connection as CallbackConnection, createPool as createCallbackPool } from 'mysql2'
import { type Connection, createConnection, createPool, type RowDataPacket } from 'mysql2/promise'
import { transactions } from 'pillion/transaction'
import { Sequelize, type Transaction } from 'sequelize'
import { DataSource, type EntityManager } from 'typeorm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { innodbTransactions } from '../../../../test/support/innodb.js'
import type { Database } from '../../../../test/support/postgres.js'
import { waitFor } from '../../../../test/support/wait-for.js'
import { errorsBelow } from '../../src/errors-below.js'
import { NoteEntity } from '../hosts/fixtures/mikro-orm.js'
import { describeOnMysql, optionsOf } from '../hosts/mysql-observer.js'
import { type GeneratedPrisma, generatePrisma, type Prisma } from '../hosts/prisma-client.js'
import { failureIn, meeting, saying } from './suite.js'

interface Opened {
  readonly root: object
  query(orm: unknown, sql: string): PromiseLike<unknown>
  /** Where the host has streams. */
  readonly stream?: (orm: unknown, sql: string) => AsyncIterable<unknown> | Promise<AsyncIterable<unknown>>
  end(): Promise<unknown>
}

interface Querying {
  query(sql: string): Promise<unknown>
}

const querying = async (orm: unknown, sql: string): Promise<unknown> => (orm as Querying).query(sql)

const hosts: Readonly<Record<string, (url: string) => Promise<Opened>>> = {
  async mysql2(uri) {
    const pool = createPool({ uri, connectionLimit: 3 })
    return {
      root: pool,
      query: querying,
      stream: (orm, sql) => (orm as { readonly connection: CallbackConnection }).connection.query(sql).stream(),
      end: () => pool.end(),
    }
  },
  async mariadb(url) {
    const pool = createMariadbPool({ ...optionsOf(url), connectionLimit: 3 })
    return {
      root: pool,
      query: querying,
      stream: (orm, sql) => (orm as MariadbConnection).queryStream(sql),
      end: () => pool.end(),
    }
  },
  async Prisma(url) {
    const pool = createMariadbPool({ ...optionsOf(url), connectionLimit: 3 })
    // the adapter's types are those of a copy of its own
    const prisma = new generated.PrismaClient({ adapter: new PrismaMariaDb(pool as never) })
    return {
      root: prisma,
      query: async (orm, sql) =>
        sql.startsWith('select') ? (orm as Prisma).$queryRawUnsafe(sql) : (orm as Prisma).$executeRawUnsafe(sql),
      async end() {
        await prisma.$disconnect()
        await pool.end()
      },
    }
  },
  async TypeORM(url) {
    const dataSource = await new DataSource({ type: 'mariadb', url, poolSize: 3 }).initialize()
    return {
      root: dataSource,
      query: querying,
      stream: async (orm, sql) => (orm as EntityManager).queryRunner?.stream(sql) as Promise<AsyncIterable<unknown>>,
      end: () => dataSource.destroy(),
    }
  },
  async Drizzle(uri) {
    const pool = createPool({ uri, connectionLimit: 3 })
    const root = drizzle({ client: pool })
    return { root, query: async (orm, sql) => (orm as typeof root).execute(raw.raw(sql)), end: () => pool.end() }
  },
  async Sequelize(url) {
    const { user: username, ...rest } = optionsOf(url)
    const root = new Sequelize({ ...rest, username, dialect: 'mysql', logging: false, pool: { max: 3 } })
    return {
      root,
      query: (orm, sql) => root.query(sql, { transaction: orm as Transaction }),
      end: () => root.close(),
    }
  },
  async Knex(connection) {
    const root = knexOf({ client: 'mysql2', connection, pool: { min: 0, max: 3 } })
    return {
      root,
      query: async (orm, sql) => (orm as Knex).raw(sql),
      stream: (orm, sql) => (orm as Knex).raw(sql).stream(),
      end: () => root.destroy(),
    }
  },
  async Kysely(uri) {
    const root = new Kysely<unknown>({
      dialect: new MysqlDialect({ pool: createCallbackPool({ uri, connectionLimit: 3 }) }),
    })
    return {
      root,
      query: (orm, sql) => (orm as typeof root).executeQuery(CompiledQuery.raw(sql)),
      end: () => root.destroy(),
    }
  },
  async MikroORM(clientUrl) {
    const options = { clientUrl, entities: [NoteEntity], pool: { min: 0, max: 3 }, allowGlobalContext: true }
    const root = await MikroORM.init(defineConfig(options))
    return {
      root,
      query: (orm, sql) => (orm as typeof root.em).execute(sql),
      end: () => root.close(),
    }
  },
}

let generated: GeneratedPrisma
beforeAll(async () => {
  generated = await generatePrisma('mysql')
})
afterAll(() => generated.remove())

describeOnMysql(({ create }) =>
  describe.each(Object.entries(hosts))('InnoDB by %s', (_, open) => {
    let database: Database
    let observer: Connection
    let host: Opened
    beforeAll(async () => {
      database = await create()
      observer = await createConnection(database.url)
      await observer.query('create table account (id int primary key, amount int not null)')
    })
    afterAll(async () => {
      await observer.end()
      await database.drop()
    })
    beforeEach(async () => {
      host = await open(database.url)
      await observer.query('replace into account values (1, 0), (2, 0)')
    })
    afterEach(() => host.end())

    const amounts = async (): Promise<readonly number[]> =>
      (await observer.query<(RowDataPacket & { amount: number })[]>('select amount from account order by id'))[0].map(
        ({ amount }) => amount,
      )
    const add = async (orm: unknown, id: number): Promise<unknown> =>
      host.query(orm, `update account set amount = amount + 1 where id = ${id}`)
    const numberIn = (error: unknown): unknown => {
      const below = errorsBelow(error) as { readonly errno?: number; readonly originalCode?: string }[]
      return below.map(({ errno, originalCode }) => errno ?? Number(originalCode)).find(Boolean)
    }

    test('a deadlock: the loser is run again, whole, and both are committed once', async () => {
      const tx = transactions(host.root)
      const meet = meeting(2)
      let runs = 0
      const transfer = (from: number, to: number) =>
        tx.run({ retry: true }, async t => {
          const first = ++runs <= 2
          await add(t.orm, from)
          if (first) await meet()
          await add(t.orm, to)
        })
      await Promise.all([transfer(1, 2), transfer(2, 1)])
      expect(runs).toBe(3)
      expect(await amounts()).toEqual([2, 2])
    })

    /** Two that meet in a deadlock by their second step, whose failure the one that loses catches, and goes on. */
    const forgiven = async (step: (orm: unknown, to: number) => Promise<unknown>): Promise<void> => {
      const tx = transactions(host.root)
      const meet = meeting(2)
      const late: Promise<string>[] = []
      const losing = (from: number, to: number) =>
        tx.run(async t => {
          await add(t.orm, from)
          await meet()
          await step(t.orm, to).catch(error => {
            expect(numberIn(error)).toBe(1213)
            // outside of any transaction of the server's by now: it would be committed by itself
            late.push(failureIn(add(t.orm, from)).then(saying))
          })
        })
      const outcomes = await Promise.allSettled([losing(1, 2), losing(2, 1)])
      expect(await Promise.all(late)).toEqual([expect.stringContaining('TRANSACTION_FINISHED')])
      const [reason] = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []))
      expect(numberIn(reason)).toBe(1213)
    }

    test('a deadlock whose error is caught: nothing more is let in, and nothing is committed', async () => {
      await forgiven(add)
      expect(await amounts()).toEqual([1, 1])
    })

    describe('a statement that nobody awaited, for which the end of the transaction waits', () => {
      let other: Connection
      beforeAll(async () => {
        await observer.query('create table ballast (id int primary key)')
      })
      beforeEach(async () => {
        other = await createConnection(database.url)
        await other.beginTransaction()
        // of two InnoDB takes back the one that has written less
        await other.query('insert into ballast values (1), (2), (3), (4), (5), (6), (7), (8), (9)')
        await other.query('update account set amount = amount + 10 where id = 2')
      })
      afterEach(async () => {
        await other.end()
        await observer.query('delete from ballast')
      })

      /** Leaves a statement that waits for the other's row: whether it comes through is for nobody but the transaction to see. */
      const leaving = async (orm: unknown, unheard: Promise<unknown>[]): Promise<void> => {
        await add(orm, 1)
        unheard.push(add(orm, 2).catch(numberIn))
        await waitFor(async () => {
          const [[row]] = await observer.query<(RowDataPacket & { Status: string })[]>('show engine innodb status')
          expect(innodbTransactions(String(row?.Status)).some(({ waits }) => waits)).toBe(true)
        })
      }

      test('a deadlock: nothing is committed, and that is told', async () => {
        const unheard: Promise<unknown>[] = []
        const meet = meeting(2)
        const outcome = failureIn(
          transactions(host.root).run(async t => {
            await leaving(t.orm, unheard)
            await meet()
          }),
        )
        await meet()
        await other.query('update account set amount = amount + 10 where id = 1')
        expect(numberIn(await outcome)).toBe(1213)
        expect(await Promise.all(unheard)).toEqual([1213])
        await other.commit()
        expect(await amounts()).toEqual([10, 10])
      })

      test('the timeout: nothing is committed without it', async () => {
        const unheard: Promise<unknown>[] = []
        const outcome = transactions(host.root).run({ timeout: 500 }, t => leaving(t.orm, unheard))
        expect(saying(await failureIn(outcome))).toContain('TRANSACTION_TIMED_OUT')
        await Promise.all(unheard)
        await other.rollback()
        expect(await amounts()).toEqual([0, 0])
      })
    })

    test('a deadlock that a stream runs into: nothing more is let in, and nothing is committed', async ({ skip }) => {
      const { stream } = host
      if (stream === undefined) return skip('streams')
      await forgiven(async (orm, to) => {
        for await (const _ of await stream(orm, `select amount from account where id = ${to} for update`));
      })
      expect((await amounts()).toSorted((a, b) => a - b)).toEqual([0, 1])
    })

    describe('a row that has changed since the snapshot', () => {
      /** Where the server has that, as MariaDB does from 10.6.18 on. */
      const keepsToIt = async (): Promise<boolean> => {
        const [rows] = await observer.query<RowDataPacket[]>("show variables like 'innodb_snapshot_isolation'")
        return rows.length > 0
      }
      /** Writes, reads, and finds what it has read changed. */
      const overtaken = async (orm: unknown): Promise<unknown> => {
        await host.query(orm, 'set session innodb_snapshot_isolation = 1')
        await add(orm, 2)
        await host.query(orm, 'select amount from account where id = 1')
        await observer.query('update account set amount = amount + 10 where id = 1')
        return add(orm, 1)
      }
      // a session's own, and the connection may be somebody's next
      const isolation = 'repeatable read'

      test('is run again, whole', async ({ skip }) => {
        if (!(await keepsToIt())) skip('innodb_snapshot_isolation')
        let runs = 0
        await transactions(host.root).run({ isolation, retry: true }, async t => {
          if (++runs === 1) await overtaken(t.orm)
          else await add(t.orm, 2)
        })
        expect(runs).toBe(2)
        expect(await amounts()).toEqual([10, 1])
      })

      test('ends it, though the error is caught: nothing more is let in, and nothing is committed', async ({
        skip,
      }) => {
        if (!(await keepsToIt())) skip('innodb_snapshot_isolation')
        const outcome = transactions(host.root).run({ isolation }, async t => {
          expect(numberIn(await failureIn(overtaken(t.orm)))).toBe(1020)
          expect(saying(await failureIn(add(t.orm, 2)))).toContain('TRANSACTION_FINISHED')
        })
        expect(numberIn(await failureIn(outcome))).toBe(1020)
        expect(await amounts()).toEqual([10, 0])
      })
    })

    describe('a lock that does not come in time', () => {
      const impatient = async (orm: unknown): Promise<unknown> => {
        await host.query(orm, 'set session innodb_lock_wait_timeout = 1')
        return add(orm, 1)
      }

      test('is asked for again, by the whole', async () => {
        const tx = transactions(host.root)
        const holder = await tx.begin()
        await add(holder.orm, 1)
        let runs = 0
        await tx.run({ retry: true }, async t => {
          if (++runs === 2) await holder.commit()
          await add(t.orm, 2)
          await impatient(t.orm)
        })
        expect(runs).toBe(2)
        expect(await amounts()).toEqual([2, 1])
      })

      test('takes back its statement only: what goes on may be committed', async () => {
        const tx = transactions(host.root)
        const holder = await tx.begin()
        await add(holder.orm, 1)
        await tx.run(async t => {
          await add(t.orm, 2)
          expect(numberIn(await failureIn(impatient(t.orm)))).toBe(1205)
          await add(t.orm, 2)
        })
        await holder.rollback()
        expect(await amounts()).toEqual([0, 2])
      })
    })
  }),
)
