import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { treeSession } from 'pillion/tree'
import type { Engine, OwnDatabase, OwnSession } from './engine.js'

export const sqlite: Engine = Object.freeze<Engine>({
  name: 'sqlite',
  start,
  source: database => ({ type: 'better-sqlite3', database }),
  session,
  words: {
    name: { type: 'text' },
    instant: { type: 'datetime' },
    labels: labels => ({ type: 'simple-enum', enum: [...labels] }),
  },
  analyze: 'ANALYZE',
})

async function start(): Promise<OwnDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'pillion-interviews-'))
  return { url: join(folder, 'interviews.db'), stop: () => rm(folder, { recursive: true, force: true }) }
}

async function session(file: string): Promise<OwnSession> {
  const database = new BetterSqlite(file)
  database.pragma('foreign_keys = ON')
  return { ...treeSession(database), close: async () => database.close() }
}
