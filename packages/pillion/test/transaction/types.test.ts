/**
 * `t.orm` has the type of the host's own transaction object.
 */
import type { PGlite, Transaction as PGliteTransaction } from '@electric-sql/pglite'
import type { MikroORM, SqlEntityManager } from '@mikro-orm/postgresql'
import type BetterSqlite3 from 'better-sqlite3'
import type { NodePgDatabase, NodePgTransaction } from 'drizzle-orm/node-postgres'
import type { Knex } from 'knex'
import type { Transaction, Kysely } from 'kysely'
import type { Pool as MariadbPool, PoolConnection as MariadbConnection } from 'mariadb'
import type { Pool as Mysql2Pool, PoolConnection as Mysql2Connection } from 'mysql2/promise'
import type { Pool, PoolClient } from 'pg'
import type { OrmOf } from 'pillion/transaction'
import type { Sql, TransactionSql } from 'postgres'
import type { Sequelize, Transaction as SequelizeTransaction } from 'sequelize'
import type { DataSource, EntityManager } from 'typeorm'
import { expectTypeOf, test } from 'vitest'

test('by the type of the host', () => {
  expectTypeOf<OrmOf<Pool>>().toEqualTypeOf<PoolClient>()
  expectTypeOf<OrmOf<DataSource>>().toEqualTypeOf<EntityManager>()
  expectTypeOf<OrmOf<NodePgDatabase>>().toExtend<Pick<NodePgTransaction<never, never>, 'execute'>>()
  expectTypeOf<OrmOf<Knex>>().toEqualTypeOf<Knex.Transaction>()
  expectTypeOf<OrmOf<Sequelize>>().toEqualTypeOf<SequelizeTransaction>()
  expectTypeOf<OrmOf<Kysely<{ a: { b: number } }>>>().toEqualTypeOf<Transaction<{ a: { b: number } }>>()
  expectTypeOf<OrmOf<MikroORM>>().toExtend<Pick<SqlEntityManager, 'execute'>>()
  expectTypeOf<OrmOf<Sql>>().toEqualTypeOf<TransactionSql>()
  expectTypeOf<OrmOf<PGlite>>().toEqualTypeOf<PGliteTransaction>()
  expectTypeOf<OrmOf<Mysql2Pool>>().toEqualTypeOf<Mysql2Connection>()
  expectTypeOf<OrmOf<MariadbPool>>().toEqualTypeOf<MariadbConnection>()
  expectTypeOf<OrmOf<BetterSqlite3.Database>>().toEqualTypeOf<BetterSqlite3.Database>()
})

test('of Prisma', () => {
  interface Client {
    readonly user: object
    $transaction(work: PromiseLike<unknown>[]): Promise<unknown[]>
    $transaction<R>(work: (tx: Omit<Client, '$transaction'>) => Promise<R>, options?: object): Promise<R>
  }
  expectTypeOf<OrmOf<Client>>().toEqualTypeOf<Omit<Client, '$transaction'>>()
})
