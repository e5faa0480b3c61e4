/**
 * Queries before anything connects: built, composed, printed and explained; run only once they are on a database.
 *
 * @module
 */
import { compiler, type Ready } from '../compile/compile.js'
import { explainJoins } from '../compile/explain-joins.js'
import { postgres } from '../compile/postgres.js'
import { PillionError } from '../errors.js'
import type { Engine } from '../query/engine.js'
import { type Query, startQuery } from '../query/query.js'
import type { Handle, Kind, RowOf } from '../query/types.js'
import { engineFor } from './engine.js'
import { printed } from './preparation.js'

const printer = compiler(postgres)

function notAttached(): never {
  throw new PillionError('NOT_ATTACHED', 'This query is bound to no database, so it cannot run.', {
    hint: 'Say which: query.on(db).all(). Or start from db.from(table).',
  })
}

const detached: Engine = Object.freeze({
  origins: 'clause',
  on(target) {
    return engineFor(target) ?? notAttached()
  },
  all: async () => notAttached(),
  inBatch: () => notAttached(),
  count: async () => notAttached(),
  exists: async () => notAttached(),
  page: async () => notAttached(),
  stream: () => notAttached(),
  sync: Object.freeze({
    all: () => notAttached(),
    count: () => notAttached(),
    exists: () => notAttached(),
    page: () => notAttached(),
    iterate: () => notAttached(),
  }),
  explain: async () => notAttached(),
  prepare: query => ({ query, ...printer.compile(query) }),
  printPage: () => notAttached(),
  print: (query, given) => printed(query.prepared() as unknown as Ready, given),
  explainJoins: query => explainJoins(query, postgres),
} satisfies Engine)

/**
 * Starts a query that is bound to no database yet: a module constant, over `tables` of a generated file.
 *
 * ```ts
 * export const open = from(tables.interview).where(tables.interview.status.eq('open'))
 * await open.on(db).all()
 * ```
 *
 * @throws NOT_ATTACHED when it is run without `on(db)`
 */
export function from<H extends Handle<Kind, unknown, 'joined'>>(root: H): Query<RowOf<H>> {
  return startQuery(root, detached, from)
}
