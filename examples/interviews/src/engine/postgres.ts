import { startPostgres } from '@pillion/postgres'
import { Client } from 'pg'
import { treeSession } from 'pillion/tree'
import type { Engine, OwnSession } from './engine.js'

export const postgres: Engine = Object.freeze<Engine>({
  name: 'postgres',
  start: () => startPostgres(),
  source: url => ({ type: 'postgres', url }),
  session,
  words: {
    name: { type: 'text' },
    instant: { type: 'timestamptz' },
    labels: (labels, enumName) => ({ type: 'enum', enum: [...labels], enumName }),
  },
  analyze: 'ANALYZE',
})

async function session(url: string): Promise<OwnSession> {
  const client = new Client(url)
  await client.connect()
  return { ...treeSession(client), close: () => client.end() }
}
