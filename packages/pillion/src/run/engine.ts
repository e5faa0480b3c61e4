/**
 * Runs queries on a host: compile, bind, borrow, decode.
 *
 * @module
 */
import { countQuery, existsQuery } from '../compile/count.js'
import { explainJoins } from '../compile/explain-joins.js'
import type { KeyedRow } from '../compile/page.js'
import { PillionError } from '../errors.js'
import type {
  BatchPromise,
  Engine,
  Given,
  Page,
  PageRequest,
  Preparable,
  RunOptions,
  StreamOptions,
} from '../query/engine.js'
import type { QueryData } from '../query/node.js'
import { boundHost, runOn, streamOn } from './ambient.js'
import { bind, sortGiven } from './bind.js'
import type { Host, Statement, WireResult } from './host.js'
import {
  at,
  type Ground,
  pageOf,
  preparation,
  printed,
  type QueryStatement,
  type ReadyQuery,
  rowsOf,
  statementOf,
} from './preparation.js'
import { syncEngineOn } from './sync-engine.js'

/** A host that also takes part in an array of statements. */
interface BatchHost extends Host {
  promise<T>(
    target: unknown,
    statement: Statement,
    options: RunOptions,
    read: (asked: Promise<WireResult>) => Promise<T>,
  ): BatchPromise<T>
}

/** An engine over a host, on one of its targets; `undefined` is its root. */
export function engineOn(ground: Ground, target: unknown): Engine {
  const { host, compiler } = ground
  const preparing = preparation(ground)
  const { prepare, ready, pagingOf } = preparing

  async function run(query: QueryData, prepared: ReadyQuery, given: readonly Given[]): Promise<unknown[]> {
    try {
      const { bindings, options } = sortGiven<RunOptions>(given)
      const statement = statementOf(prepared, bindings)
      return rowsOf(await runOn(host, target, statement, options), statement)
    } catch (error) {
      throw at(query, prepared.compiled, error)
    }
  }

  function batchesOf(query: Preparable, given: readonly (Given | StreamOptions)[]): Batches {
    const prepared = ready(query)
    try {
      const { bindings, options } = sortGiven<StreamOptions>(given)
      const { batch = 1000, ...interruptions } = options
      const statement = statementOf(prepared, bindings)
      return { prepared, statement, batches: streamOn(host, target)(statement, { batch, ...interruptions }) }
    } catch (error) {
      throw at(query.data, prepared.compiled, error)
    }
  }

  async function* stream(query: Preparable, asked: () => Batches) {
    const { prepared, statement, batches } = asked()
    try {
      for await (const rows of batches) for (const row of rows) yield statement.make(row)
    } catch (error) {
      throw at(query.data, prepared.compiled, error)
    }
  }

  async function page(query: QueryData, request: PageRequest, given: readonly Given[]): Promise<Page<unknown>> {
    const paging = pagingOf(query, request)
    const found = (await run(query, prepare(paging.query), given)) as KeyedRow[]
    return pageOf(found, request.size, paging)
  }

  return Object.freeze({
    origins: ground.origins,
    on: (other: unknown) => engineFor(other) ?? engineOn(ground, other),
    prepare: query => prepare(query),
    all: async (query, given) => await run(query.data, ready(query), given),
    page,
    inBatch(query, given) {
      const prepared = ready(query)
      try {
        const { bindings, options } = sortGiven<RunOptions>(given)
        const statement = statementOf(prepared, bindings)
        return batchHost(boundHost(host, target)).promise(target, statement, options, async asked => {
          try {
            return rowsOf(await asked, statement)
          } catch (error) {
            throw at(query.data, prepared.compiled, error)
          }
        })
      } catch (error) {
        throw at(query.data, prepared.compiled, error)
      }
    },
    async count(query, given) {
      const [row] = (await run(query, prepare(countQuery(query)), given)) as [{ readonly count: number }]
      return row.count
    },
    async exists(query, given) {
      const [found] = await run(query, prepare(existsQuery(query), 'exists'), given)
      return found as boolean
    },
    stream(query, given) {
      // a generator begins at the first pull, perhaps elsewhere: the transaction is that of the call
      return stream(
        query,
        atOnce(() => batchesOf(query, given)),
      )
    },
    async explain(query, options, given) {
      const prepared = ready(query)
      try {
        const { bindings, options: runOptions } = sortGiven<RunOptions>(given)
        const { explain } = compiler.dialect
        const { analyze = false, buffers = false } = options
        const { text, values } = bind(prepared, bindings)
        const asked = explain.statement(text, { analyze, buffers })
        const { rows } = await runOn(host, target, { text: asked, values }, runOptions)
        return explain.read(rows)
      } catch (error) {
        throw at(query.data, prepared.compiled, error)
      }
    },
    sync: syncEngineOn(host, target, preparing),
    print: (query, given) => printed(ready(query), given),
    printPage: (query, request, given) => printed(prepare(pagingOf(query, request).query), given),
    explainJoins: query => explainJoins(query, compiler.dialect),
  } satisfies Engine)
}

/** A stream that has been asked of the host, which sends nothing until it is pulled. */
interface Batches {
  readonly prepared: ReadyQuery
  readonly statement: QueryStatement
  readonly batches: ReturnType<Host['stream']>
}

/** Does the work now. What it gave, or threw, is for whoever calls what is given back. */
function atOnce<T>(work: () => T): () => T {
  try {
    const result = work()
    return () => result
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function batchHost(host: Host): BatchHost {
  if ('promise' in host) return host as BatchHost
  throw new PillionError('HOST_SHAPE', `The ${host.name} host has no array of statements to take part in.`, {
    hint: 'Run the query inside a transaction of the host: query.on(tx).all().',
  })
}

const engineKey = Symbol.for('pillion.engine')

/** Something that carries an engine: a database. */
export interface EngineHolder {
  readonly [engineKey]: Engine
}

/** Marks an object as carrying an engine. */
export function holding<T extends object>(object: T, engine: Engine): T & EngineHolder {
  return Object.assign(object, { [engineKey]: engine }) as T & EngineHolder
}

/** The engine an object carries, if it does. */
export function engineFor(target: unknown): Engine | undefined {
  return typeof target === 'object' && target !== null ? (target as Partial<EngineHolder>)[engineKey] : undefined
}
