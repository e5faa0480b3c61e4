/**
 * The interviews through TypeORM.
 *
 * @module
 */
import { typeormHost } from 'pillion/typeorm'
import type { Engine } from '../engine/engine.js'
import type { Orm } from './orm.js'
import { sourceOf } from './source.js'

/** Connects TypeORM to a database that has the tables. */
export async function openTypeorm(engine: Engine, url: string): Promise<Orm> {
  const source = await sourceOf(engine, url).initialize()
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
          async moveDepartment(id, parentId) {
            await target.update('department', id, { parentId })
          },
        }),
      ),
    close: () => source.destroy(),
  })
}
