import { Client } from 'pg'
import { describeLauncher } from '../../server/test/suite.js'

describeLauncher('PostgreSQL', {
  start: 'startPostgres',
  module: new URL('../index.js', import.meta.url).href,
  url: /^postgres:\/\/postgres:[\w-]+@127\.0\.0\.1:\d+\/postgres$/,
  segments: 1,
  async maxConnections(url) {
    const client = new Client(url)
    await client.connect()
    try {
      const { rows } = await client.query('show max_connections')
      return Number(rows[0].max_connections)
    } finally {
      await client.end()
    }
  },
})
