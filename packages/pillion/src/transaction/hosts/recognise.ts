/**
 * Which host an object is, by its shape.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { isHandle } from '../../hosts/shape.js'
import type { Transactor } from '../transactor.js'
import { drizzleTransactor } from './drizzle.js'
import { knexTransactor } from './knex.js'
import { betterSqlite3Transactor } from './better-sqlite3.js'
import { kyselyTransactor } from './kysely.js'
import { mariadbTransactor } from './mariadb.js'
import { mikroOrmTransactor } from './mikro-orm.js'
import { mysql2Transactor } from './mysql2.js'
import { pgTransactor } from './pg.js'
import { pgliteTransactor } from './pglite.js'
import { postgresJsTransactor } from './postgres-js.js'
import { prismaTransactor } from './prisma.js'
import { sequelizeTransactor } from './sequelize.js'
import { typeormTransactor } from './typeorm.js'

/** What a callback is called with, of a method that takes a callback. */
type Handed<F> = F extends (work: (handed: infer T) => never, ...rest: never[]) => unknown ? T : never

/**
 * What a host's own transaction object is, from the type of the host: read from what opens one there.
 */
export type OrmOf<Root> = Root extends { readonly $transaction: infer Opens }
  ? Handed<Opens>
  : Root extends { createQueryRunner(...mode: never[]): unknown; readonly manager: infer Manager }
    ? Manager
    : Root extends { getDialect(): string; transaction(options?: never): Promise<infer Transaction> }
      ? Transaction
      : Root extends { startTransaction(): unknown; transaction(): { execute: infer Opens } }
        ? Handed<Opens>
        : Root extends { readonly em: infer Manager }
          ? Manager
          : Root extends { begin(options: never, work: (sql: infer Tag) => never): unknown }
            ? Tag
            : Root extends { pragma(source: never): unknown }
              ? Root
              : Root extends { readonly transaction: infer Opens }
                ? Handed<Opens>
                : Root extends { getConnection(): Promise<infer Connection> }
                  ? Connection
                  : Root extends { connect(told: (error: never, client: infer Client, ...rest: never[]) => void): void }
                    ? NonNullable<Client>
                    : Root

/** One way to recognise a host: its transactor, or `undefined` for an object that is none of its kind. */
export type Recogniser = (root: object) => Transactor<unknown> | undefined

const recognisers: readonly Recogniser[] = [
  prismaTransactor,
  typeormTransactor,
  drizzleTransactor,
  sequelizeTransactor,
  knexTransactor,
  kyselyTransactor,
  mikroOrmTransactor,
  postgresJsTransactor,
  pgliteTransactor,
  mysql2Transactor,
  mariadbTransactor,
  betterSqlite3Transactor,
  pgTransactor,
]

/** @throws PillionError `HOST_UNKNOWN` */
export function transactorOf(root: object): Transactor<unknown> {
  for (const recognise of isHandle(root) ? recognisers : []) {
    const transactor = recognise(root)
    if (transactor !== undefined) return transactor
  }
  throw new PillionError(
    'HOST_UNKNOWN',
    'transactions takes what a host is made of, and this is nothing of that kind.',
    {
      hint: 'Give it the pool, the Prisma client, the data source, the database of Drizzle itself: transactions(pool) beside pillion(pgHost(pool)).',
    },
  )
}
