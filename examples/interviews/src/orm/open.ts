/**
 * Chooses the ORM.
 *
 * @module
 */
import type { Engine } from '../engine/engine.js'
import type { Orm, OrmName } from './orm.js'

/** Connects an ORM, loading that one alone, to a database that has the tables. */
export async function openOrm(name: OrmName, engine: Engine, url: string): Promise<Orm> {
  switch (name) {
    case 'prisma':
      return (await import('./prisma.js')).openPrisma(url)
    case 'typeorm':
      return (await import('./typeorm.js')).openTypeorm(engine, url)
  }
}
