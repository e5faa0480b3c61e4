import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { describe } from 'vitest'
import { skipAloud } from '../../../test/support/skip.js'
import { describeLauncher } from '../../server/test/suite.js'
import { findMariadb } from '../index.js'

describe.skipIf(skipAloud('mariadb', findMariadb(), 'install mariadb-server'))('MariaDB', () => {
  describeLauncher('MariaDB', {
    start: 'startMariadb',
    module: new URL('../index.js', import.meta.url).href,
    url: /^mariadb:\/\/root:[\w-]+@127\.0\.0\.1:\d+\/mysql$/,
    async maxConnections(url) {
      const connection = await createConnection(url)
      try {
        const [rows] = await connection.query<RowDataPacket[]>('select @@max_connections as value')
        return Number(rows[0]?.['value'])
      } finally {
        await connection.end()
      }
    },
  })
})
