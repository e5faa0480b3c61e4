import { createConnection } from 'mysql2/promise'
import { treeSession } from 'pillion/tree'
import { findMariadb, startMariadb } from '../../../../tools/mariadb/index.js'
import type { Engine, OwnDatabase, OwnSession } from './engine.js'

export const mariadb: Engine = Object.freeze<Engine>({
  name: 'mariadb',
  start,
  // instants are written and read in the zone that the server is started in
  source: url => ({ type: 'mariadb', url, timezone: 'Z' }),
  session,
  words: {
    name: { type: 'varchar', length: 100 },
    instant: { type: 'timestamp', precision: 3 },
    labels: labels => ({ type: 'enum', enum: [...labels] }),
  },
  analyze: 'ANALYZE TABLE `interview`, `evaluation`',
})

async function start(): Promise<OwnDatabase> {
  if (findMariadb() === undefined) {
    throw new Error(
      '--database mariadb takes the MariaDB that is installed, and there is none (Debian: mariadb-server)',
    )
  }
  const server = await startMariadb()
  const connection = await createConnection(server.url)
  try {
    await connection.query('CREATE DATABASE interviews CHARACTER SET utf8mb4')
  } finally {
    await connection.end()
  }
  const url = new URL(server.url)
  url.pathname = 'interviews'
  return { url: url.href, stop: () => server.stop() }
}

async function session(uri: string): Promise<OwnSession> {
  const connection = await createConnection({ uri })
  return { ...treeSession(connection), close: () => connection.end() }
}
