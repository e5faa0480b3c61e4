import { startPostgres } from '@pillion/postgres'
import type { Engine } from './engine.js'

export const postgres: Engine = Object.freeze<Engine>({
  name: 'postgres',
  start: () => startPostgres(),
  source: url => ({ type: 'postgres', url }),
  words: {
    name: { type: 'text' },
    instant: { type: 'timestamptz' },
    labels: (labels, enumName) => ({ type: 'enum', enum: [...labels], enumName }),
  },
  analyze: 'ANALYZE',
})
