/**
 * The interviews through TypeORM.
 *
 * @module
 */
import { typeormHost } from 'pillion/typeorm'
import { DataSource } from 'typeorm'
import { entities } from './entities.js'
import type { Orm } from './orm.js'

/** Connects TypeORM to a database that has the tables. */
export async function openTypeorm(url: string): Promise<Orm> {
  const source = await new DataSource({ type: 'postgres', url, entities }).initialize()
  return Object.freeze<Orm>({
    name: 'typeorm',
    host: typeormHost(source),
    count: table => source.getRepository(table).count(),
    writes: work =>
      source.transaction(target =>
        work({
          target,
          async createEvaluation(row) {
            await target.insert('evaluation', row)
          },
        }),
      ),
    close: () => source.destroy(),
  })
}
