import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, OwnDatabase } from './engine.js'

export const sqlite: Engine = Object.freeze<Engine>({
  name: 'sqlite',
  start,
  source: database => ({ type: 'better-sqlite3', database }),
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
