import { startPostgres } from '@pillion/postgres'
import { Client } from 'pg'
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

const asText = { getTypeParser: () => (text: string) => text }

async function session(url: string): Promise<OwnSession> {
  const client = new Client(url)
  await client.connect()
  return {
    dialect: 'postgres',
    run: async (text, values = []) =>
      (await client.query<string[]>({ text, values: [...values], rowMode: 'array', types: asText })).rows,
    close: () => client.end(),
  }
}
