/** Sequelize: `query` with `bind`. @module */
import { sequelizeHost } from 'pillion/sequelize'
import { type Options, QueryTypes, Sequelize } from 'sequelize'
import { type Open, type Rider, truth } from '../rider.js'
import { lackingOnSqlite } from './better-sqlite3.js'

export const openOnPg: Open = async url => ({ ...riderOn(url, {}), lacking: { whole: BigInt } })

export const openOnMysql2: Open = async url => ({
  ...riderOn(url.replace(/^mariadb/, 'mysql'), {}),
  lacking: { whole: BigInt, yes: truth },
})

export const openOnSqlite: Open = async file => ({
  ...riderOn(`sqlite:${file}`, { storage: file }),
  lacking: lackingOnSqlite,
})

function riderOn(url: string, options: Options): Omit<Rider, 'lacking'> {
  const orm = new Sequelize(url, { logging: false, pool: { max: 1 }, ...options })
  return {
    host: sequelizeHost(orm),
    root: ({ numbered, values }) => orm.query(numbered, { bind: [...values], type: QueryTypes.SELECT }),
    transaction: work =>
      orm.transaction(transaction =>
        work(transaction, ({ numbered, values }) =>
          orm.query(numbered, { bind: [...values], type: QueryTypes.SELECT, transaction }),
        ),
      ),
    rows: (rows: object[]) => rows,
    close: () => orm.close(),
  }
}
