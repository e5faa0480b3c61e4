/** TypeORM: `query`. @module */
import 'reflect-metadata'
import { typeormHost } from 'pillion/typeorm'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { day, type Open, type Raw, type Rider, truth } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'
import { lackingOnPg } from './pg.js'

export const openOnPg: Open = async url => ({
  ...(await riderOn({ type: 'postgres', url, poolSize: 1 }, raw => raw.numbered)),
  lacking: lackingOnPg,
})

export const openOnMysql2: Open = async url => ({
  ...(await riderOn(
    { type: 'mysql', url: url.replace(/^mariadb/, 'mysql'), poolSize: 1, timezone: 'Z' },
    raw => raw.marked,
  )),
  lacking: { whole: BigInt, yes: truth, day },
})

export const openOnSqlite: Open = async file => ({
  ...(await riderOn({ type: 'better-sqlite3', database: file }, raw => raw.marked)),
  lacking: lackingOnSqlite,
})

async function riderOn(options: DataSourceOptions, textOf: (raw: Raw) => string): Promise<Omit<Rider, 'lacking'>> {
  const orm = await new DataSource(options).initialize()
  return {
    host: typeormHost(orm),
    root: raw => orm.query(textOf(raw), [...raw.values]),
    transaction: work => orm.transaction(manager => work(manager, raw => manager.query(textOf(raw), [...raw.values]))),
    rows: (rows: object[]) => rows,
    close: () => orm.destroy(),
  }
}
