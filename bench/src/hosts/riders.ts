/** Each host with its own raw query, on one connection. @module */
import 'reflect-metadata'
import { PGlite } from '@electric-sql/pglite'
import { MikroORM } from '@mikro-orm/postgresql'
import { PrismaPg } from '@prisma/adapter-pg'
import { sql as drizzleSql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import knex from 'knex'
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Host } from 'pillion'
import { drizzleHost } from 'pillion/drizzle'
import { knexHost } from 'pillion/knex'
import { kyselyHost } from 'pillion/kysely'
import { mikroOrmHost } from 'pillion/mikro-orm'
import { pgHost } from 'pillion/pg'
import { pgliteHost } from 'pillion/pglite'
import { postgresHost } from 'pillion/postgres'
import { pillionAdapter, prismaHost } from 'pillion/prisma'
import { sequelizeHost } from 'pillion/sequelize'
import { typeormHost } from 'pillion/typeorm'
import postgres from 'postgres'
import { Sequelize } from 'sequelize'
import { DataSource } from 'typeorm'
import { PrismaClient } from '../../generated/prisma/index.js'

/** A statement as an application would write it for the host: with `$1`, and values of JavaScript's. */
export interface Raw {
  readonly text: string
  readonly values: readonly number[]
}

export interface Rider {
  readonly host: Host
  /** The host's own raw query, outside of any transaction; the pool has one connection. */
  root(raw: Raw): Promise<unknown>
  /** Work in a transaction: its object, and the raw query there. */
  transaction(work: (target: unknown, raw: (raw: Raw) => Promise<unknown>) => Promise<void>): Promise<unknown>
  close(): Promise<unknown>
}

const questioned = ({ text }: Raw): string => text.replaceAll(/\$\d+/g, '?')
const poolOn = (url: string): pg.Pool => new pg.Pool({ connectionString: url, max: 1 })

export const riders: Readonly<Record<string, (url: string, setUp: readonly string[]) => Promise<Rider>>> = {
  async pg(url) {
    const pool = poolOn(url)
    const named = ({ text, values }: Raw) => ({ name: `raw ${values.length}`, text, values: [...values] })
    return {
      host: pgHost(pool),
      root: raw => pool.query(named(raw)),
      async transaction(work) {
        const client = await pool.connect()
        await client.query('begin')
        await work(client, raw => client.query(named(raw)))
        await client.query('commit')
        client.release()
      },
      close: () => pool.end(),
    }
  },
  async Prisma(url) {
    const pool = poolOn(url)
    const prisma = new PrismaClient({ adapter: pillionAdapter(new PrismaPg(pool)) })
    return {
      host: prismaHost(prisma),
      root: ({ text, values }) => prisma.$queryRawUnsafe(text, ...values),
      transaction: work =>
        prisma.$transaction(tx => work(tx, ({ text, values }) => tx.$queryRawUnsafe(text, ...values)), {
          timeout: 600_000,
        }),
      close: () => prisma.$disconnect().then(() => pool.end()),
    }
  },
  async TypeORM(url) {
    const orm = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize()
    return {
      host: typeormHost(orm),
      root: ({ text, values }) => orm.query(text, [...values]),
      transaction: work =>
        orm.transaction(manager => work(manager, ({ text, values }) => manager.query(text, [...values]))),
      close: () => orm.destroy(),
    }
  },
  async Drizzle(url) {
    const pool = poolOn(url)
    const orm = drizzle(pool)
    const query = ({ text, values }: Raw) => {
      const parts = text.split(/\$\d+/)
      return drizzleSql.join(
        parts.flatMap((part, i) => [drizzleSql.raw(part), ...(i < values.length ? [drizzleSql`${values[i]}`] : [])]),
      )
    }
    return {
      host: drizzleHost(orm),
      root: raw => orm.execute(query(raw)),
      transaction: work => orm.transaction(tx => work(tx, raw => tx.execute(query(raw)))),
      close: () => pool.end(),
    }
  },
  async Knex(url) {
    const orm = knex({ client: 'pg', connection: url, pool: { min: 1, max: 1 } })
    return {
      host: knexHost(orm),
      root: async raw => orm.raw(questioned(raw), raw.values),
      transaction: work => orm.transaction(trx => work(trx, async raw => trx.raw(questioned(raw), raw.values))),
      close: () => orm.destroy(),
    }
  },
  async Sequelize(url) {
    const orm = new Sequelize(url, { logging: false, pool: { max: 1 } })
    return {
      host: sequelizeHost(orm),
      root: ({ text, values }) => orm.query(text, { bind: [...values] }),
      transaction: work =>
        orm.transaction(transaction =>
          work(transaction, ({ text, values }) => orm.query(text, { bind: [...values], transaction })),
        ),
      close: () => orm.close(),
    }
  },
  async Kysely(url) {
    const pool = poolOn(url)
    const orm = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
    return {
      host: kyselyHost(orm, pool),
      root: ({ text, values }) => orm.executeQuery(CompiledQuery.raw(text, [...values])),
      transaction: work =>
        orm
          .transaction()
          .execute(trx => work(trx, ({ text, values }) => trx.executeQuery(CompiledQuery.raw(text, [...values])))),
      close: () => orm.destroy(),
    }
  },
  async MikroORM(url) {
    const orm = await MikroORM.init({
      clientUrl: url,
      entities: [],
      discovery: { warnWhenNoEntities: false },
      pool: { min: 0, max: 1 },
    })
    return {
      host: mikroOrmHost(orm),
      root: raw => orm.em.fork().execute(questioned(raw), [...raw.values]),
      transaction: work =>
        orm.em.fork().transactional(em => work(em, raw => em.execute(questioned(raw), [...raw.values]))),
      close: () => orm.close(),
    }
  },
  async 'postgres.js'(url) {
    const sql = postgres(url, { max: 1 })
    const query = (on: Pick<postgres.Sql, 'unsafe'>, { text, values }: Raw) =>
      on.unsafe(text, [...values], { prepare: true })
    return {
      host: postgresHost(sql),
      root: async raw => query(sql, raw),
      transaction: work => sql.begin(tx => work(tx, async raw => query(tx, raw))),
      close: () => sql.end(),
    }
  },
  async PGlite(_url, setUp) {
    const pglite = await PGlite.create()
    for (const statement of setUp) await pglite.exec(statement)
    return {
      host: pgliteHost(pglite),
      root: ({ text, values }) => pglite.query(text, [...values]),
      transaction: work => pglite.transaction(tx => work(tx, ({ text, values }) => tx.query(text, [...values]))),
      close: () => pglite.close(),
    }
  },
}
