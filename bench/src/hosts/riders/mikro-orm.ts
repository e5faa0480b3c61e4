/** MikroORM: `execute` of an entity manager. @module */
import type { EntityManager, MikroORM as Orm } from '@mikro-orm/postgresql'
import { mikroOrmHost } from 'pillion/mikro-orm'
import { moment, type Open, type Rider } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'

const noEntities = { entities: [], discovery: { warnWhenNoEntities: false } }

export const openOnPg: Open = async url => {
  const { MikroORM } = await import('@mikro-orm/postgresql')
  const orm = await MikroORM.init({ clientUrl: url, ...noEntities, pool: { min: 0, max: 1 } })
  return { ...riderOn(orm), lacking: { whole: BigInt, at: moment } }
}

export const openOnSqlite: Open = async file => {
  const { MikroORM } = await import('@mikro-orm/sqlite')
  const orm = await MikroORM.init({ dbName: file, ...noEntities })
  return { ...riderOn(orm as unknown as Orm), lacking: lackingOnSqlite }
}

function riderOn(orm: Orm): Omit<Rider, 'lacking'> {
  return {
    host: mikroOrmHost(orm),
    root: ({ marked, values }) => orm.em.fork().execute(marked, [...values]),
    transaction: work =>
      orm.em
        .fork()
        .transactional((em: EntityManager) => work(em, ({ marked, values }) => em.execute(marked, [...values]))),
    rows: (rows: object[]) => rows,
    close: () => orm.close(),
  }
}
