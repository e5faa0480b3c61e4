/** Every host of which a ride is measured. Each is loaded where it is opened: what is not asked for is not there. @module */
import type { Open } from '../rider.js'
import type { Dialect } from '../table.js'

export interface Entry {
  readonly name: string
  readonly dialect: Dialect
  readonly load: () => Promise<Open>
  /** Why it cannot take part in this process. */
  readonly absent?: string
}

const nodeHasSqlite = process.getBuiltinModule('node:sqlite' as 'node:fs') !== undefined

export const riders: readonly Entry[] = [
  { name: 'pg', dialect: 'postgres', load: async () => (await import('./pg.js')).open },
  { name: 'postgres.js', dialect: 'postgres', load: async () => (await import('./postgres.js')).open },
  { name: 'PGlite', dialect: 'postgres', load: async () => (await import('./pglite.js')).open },
  { name: 'Prisma on pg', dialect: 'postgres', load: async () => (await import('./prisma.js')).openOnPg },
  { name: 'TypeORM on pg', dialect: 'postgres', load: async () => (await import('./typeorm.js')).openOnPg },
  { name: 'Sequelize on pg', dialect: 'postgres', load: async () => (await import('./sequelize.js')).openOnPg },
  { name: 'Drizzle on pg', dialect: 'postgres', load: async () => (await import('./drizzle.js')).openOnPg },
  { name: 'Knex on pg', dialect: 'postgres', load: async () => (await import('./knex.js')).openOnPg },
  { name: 'Kysely on pg', dialect: 'postgres', load: async () => (await import('./kysely.js')).openOnPg },
  { name: 'MikroORM on pg', dialect: 'postgres', load: async () => (await import('./mikro-orm.js')).openOnPg },
  { name: 'mysql2', dialect: 'mariadb', load: async () => (await import('./mysql2.js')).open },
  { name: 'mariadb', dialect: 'mariadb', load: async () => (await import('./mariadb.js')).open },
  { name: 'Prisma on mariadb', dialect: 'mariadb', load: async () => (await import('./prisma.js')).openOnMariadb },
  { name: 'TypeORM on mysql2', dialect: 'mariadb', load: async () => (await import('./typeorm.js')).openOnMysql2 },
  { name: 'Sequelize on mysql2', dialect: 'mariadb', load: async () => (await import('./sequelize.js')).openOnMysql2 },
  { name: 'Drizzle on mysql2', dialect: 'mariadb', load: async () => (await import('./drizzle.js')).openOnMysql2 },
  { name: 'Knex on mysql2', dialect: 'mariadb', load: async () => (await import('./knex.js')).openOnMysql2 },
  { name: 'better-sqlite3', dialect: 'sqlite', load: async () => (await import('./better-sqlite3.js')).open },
  {
    name: 'better-sqlite3, statement kept',
    dialect: 'sqlite',
    load: async () => (await import('./better-sqlite3.js')).openKept,
  },
  {
    name: 'node:sqlite',
    dialect: 'sqlite',
    load: async () => (await import('./node-sqlite.js')).open,
    ...(nodeHasSqlite ? {} : { absent: `Node ${process.versions.node} has none` }),
  },
  { name: 'Prisma on better-sqlite3', dialect: 'sqlite', load: async () => (await import('./prisma.js')).openOnSqlite },
  {
    name: 'TypeORM on better-sqlite3',
    dialect: 'sqlite',
    load: async () => (await import('./typeorm.js')).openOnSqlite,
  },
  { name: 'Sequelize on sqlite3', dialect: 'sqlite', load: async () => (await import('./sequelize.js')).openOnSqlite },
  {
    name: 'Drizzle on better-sqlite3',
    dialect: 'sqlite',
    load: async () => (await import('./drizzle.js')).openOnSqlite,
  },
  { name: 'Knex on better-sqlite3', dialect: 'sqlite', load: async () => (await import('./knex.js')).openOnSqlite },
  { name: 'Kysely on better-sqlite3', dialect: 'sqlite', load: async () => (await import('./kysely.js')).openOnSqlite },
  {
    name: 'MikroORM on better-sqlite3',
    dialect: 'sqlite',
    load: async () => (await import('./mikro-orm.js')).openOnSqlite,
  },
]
