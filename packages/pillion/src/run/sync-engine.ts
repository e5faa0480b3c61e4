/**
 * Runs queries where the database answers at once.
 *
 * @module
 */
import { countQuery, existsQuery } from '../compile/count.js'
import type { KeyedRow } from '../compile/page.js'
import type { Preparable, SyncEngine } from '../query/engine.js'
import type { Binding } from '../query/param.js'
import { type Iterate, iterateOn, runSyncOn } from './ambient.js'
import { sortGiven } from './bind.js'
import type { Host } from './host.js'
import { at, pageOf, type Preparation, type ReadyQuery, rowsOf, statementOf } from './preparation.js'

/** A synchronous engine over a host, on one of its targets. Elsewhere than on a synchronous host it refuses to run. */
export function syncEngineOn(host: Host, target: unknown, { prepare, ready, pagingOf }: Preparation): SyncEngine {
  function run(prepared: ReadyQuery, given: readonly Binding[]): unknown[] {
    try {
      const { bindings } = sortGiven(given)
      const statement = statementOf(prepared, bindings)
      return rowsOf(runSyncOn(host, target, statement), statement)
    } catch (error) {
      throw at(prepared.query, prepared.compiled, error)
    }
  }

  function* iterate(query: Preparable, pull: Iterate, given: readonly Binding[]): IterableIterator<unknown> {
    const prepared = ready(query)
    try {
      const { bindings } = sortGiven(given)
      const statement = statementOf(prepared, bindings)
      for (const row of pull(statement)) yield statement.make(row)
    } catch (error) {
      throw at(query.data, prepared.compiled, error)
    }
  }

  return Object.freeze({
    all: (query, given) => run(ready(query), given),
    count(query, given) {
      const [row] = run(prepare(countQuery(query)), given) as [{ readonly count: number }]
      return row.count
    },
    exists(query, given) {
      const [found] = run(prepare(existsQuery(query), 'exists'), given)
      return found as boolean
    },
    page(query, request, given) {
      const paging = pagingOf(query, request)
      return pageOf(run(prepare(paging.query), given) as KeyedRow[], request.size, paging)
    },
    // a generator begins at the first pull, perhaps elsewhere: the transaction is that of the call
    iterate: (query, given) => iterate(query, iterateOn(host, target), given),
  } satisfies SyncEngine)
}
