/** MariaDB's connector itself: `execute`, which prepares. @module */
import { createPool, type Pool } from 'mariadb'
import { mariadbHost } from 'pillion/mariadb'
import { day, type Open, truth } from '../rider.js'

export function poolOn(url: string): Pool {
  const { hostname: host, port, username: user, password, pathname } = new URL(url)
  return createPool({
    host,
    port: Number(port),
    user,
    password,
    database: pathname.slice(1),
    connectionLimit: 1,
    timezone: 'Z',
  })
}

export const open: Open = async url => {
  const pool = poolOn(url)
  return {
    host: mariadbHost(pool),
    root: ({ marked, values }) => pool.execute(marked, [...values]),
    async transaction(work) {
      const connection = await pool.getConnection()
      await connection.beginTransaction()
      await work(connection, ({ marked, values }) => connection.execute(marked, [...values]))
      await connection.commit()
      await connection.release()
    },
    rows: (rows: object[]) => rows,
    lacking: { yes: truth, day },
    close: () => pool.end(),
  }
}
