/** Every host on which a transaction is measured. Each is loaded where it is opened: what is not asked for is not there. @module */
import type { Open } from '../field.js'

/** What a field needs: a server, a file, or nothing. */
export type Needs = 'postgres' | 'mariadb' | 'sqlite' | 'nothing'

export interface Entry {
  readonly name: string
  readonly needs: Needs
  readonly load: () => Promise<Open>
}

/** In the order in which they are measured. */
export const fields: readonly Entry[] = [
  { name: 'pg', needs: 'postgres', load: async () => (await import('./pg.js')).open },
  { name: '@nestjs-cls', needs: 'postgres', load: async () => (await import('./nestjs-cls.js')).open },
  { name: 'Prisma', needs: 'postgres', load: async () => (await import('./prisma.js')).open },
  { name: 'TypeORM', needs: 'postgres', load: async () => (await import('./typeorm.js')).open },
  { name: 'Drizzle', needs: 'postgres', load: async () => (await import('./drizzle.js')).open },
  { name: 'Sequelize', needs: 'postgres', load: async () => (await import('./sequelize.js')).open },
  { name: 'MikroORM', needs: 'postgres', load: async () => (await import('./mikro-orm.js')).open },
  { name: 'Knex', needs: 'postgres', load: async () => (await import('./knex.js')).open },
  { name: 'Kysely', needs: 'postgres', load: async () => (await import('./kysely.js')).open },
  { name: 'postgres.js', needs: 'postgres', load: async () => (await import('./postgres.js')).open },
  { name: 'mysql2', needs: 'mariadb', load: async () => (await import('./mysql2.js')).open },
  { name: 'mariadb', needs: 'mariadb', load: async () => (await import('./mariadb.js')).open },
  { name: 'PGlite', needs: 'nothing', load: async () => (await import('./pglite.js')).open },
  { name: 'better-sqlite3', needs: 'sqlite', load: async () => (await import('./better-sqlite3.js')).open },
]
