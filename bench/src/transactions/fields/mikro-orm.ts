/** MikroORM: `em.transactional`. @module */
import { EntitySchema } from '@mikro-orm/core'
import { defineConfig, MikroORM, type SqlEntityManager } from '@mikro-orm/postgresql'
import type pg from 'pg'
import { transactions } from 'pillion/transaction'
import { type Open, pair } from '../field.js'
import { heedless } from '../pool.js'

export const open: Open = async url => {
  const entity = new EntitySchema({ name: 'Interview', properties: { id: { type: 'integer', primary: true } } })
  const orm = await MikroORM.init(
    defineConfig({ clientUrl: url, entities: [entity], pool: { min: 0, max: 1 }, allowGlobalContext: true }),
  )
  heedless((await orm.em.getConnection().getNativeClient()) as pg.Pool)
  const tx = transactions(orm)
  const within =
    (sql: string) =>
    (em: unknown): Promise<unknown> =>
      (em as SqlEntityManager).execute(sql)
  const contenders = pair(
    'MikroORM',
    sql => orm.em.fork().transactional(within(sql)),
    sql => tx.run(t => within(sql)(t.orm)),
  )
  return { contenders, close: () => orm.close() }
}
