/**
 * Queries before anything connects: built, composed, printed and explained; run only once they are on a database.
 *
 * @module
 */
import { compiler } from '../compile/compile.js'
import { explainJoins } from '../compile/explain-joins.js'
import { postgres } from '../compile/postgres.js'
import { PillionError } from '../errors.js'
import type { Engine } from '../query/engine.js'
import { type Query, startQuery } from '../query/query.js'
import type { Handle, Kind, RowOf } from '../query/types.js'
import { bind, sortGiven } from './bind.js'
import { engineFor } from './engine.js'

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
  inBatch: async () => notAttached(),
  count: async () => notAttached(),
  exists: async () => notAttached(),
  page: async () => notAttached(),
  stream: () => notAttached(),
  explain: async () => notAttached(),
  print(query, given) {
    const ready = printer.compile(query)
    const { bindings } = sortGiven(given)
    return {
      sql: ready.compiled.sql,
      values: given.length > 0 || ready.params.length === 0 ? bind(ready, bindings) : [],
    }
  },
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
