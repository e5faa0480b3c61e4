/**
 * The interviews through TypeORM.
 *
 * @module
 */
import { DataSource } from 'typeorm'
import { entities } from './entities.js'
import type { Orm } from './orm.js'

/** Connects TypeORM to a database that has the tables. */
export async function openTypeorm(url: string): Promise<Orm> {
  const source = await new DataSource({ type: 'postgres', url, entities }).initialize()
  return Object.freeze<Orm>({
    name: 'typeorm',
    count: table => source.getRepository(table).count(),
    close: () => source.destroy(),
  })
}
