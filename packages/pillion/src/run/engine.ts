/**
 * Runs queries on a host: compile, bind, borrow, decode.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Compiled, Compiler, Ready } from '../compile/compile.js'
import { countQuery, existsQuery } from '../compile/count.js'
import { explainJoins } from '../compile/explain-joins.js'
import { checkRequest, inTotalOrder, type KeyedRow, pageQuery, readCursor, writeCursor } from '../compile/page.js'
import { located, PillionError } from '../errors.js'
import type {
  BatchPromise,
  Engine,
  Given,
  Origins,
  Page,
  PageRequest,
  Preparable,
  Prepared,
  PrintedStatement,
  RunOptions,
  StreamOptions,
} from '../query/engine.js'
import type { ParamKey, QueryData } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
import { type Way, wayTo } from './ambient.js'
import { bind, sortGiven, unbound } from './bind.js'
import type { Host, Statement, WireResult } from './host.js'

/** What an engine stands on. */
export interface Ground {
  readonly host: Host
  readonly compiler: Compiler
  readonly origins: Origins
  /** Refuses a query that the live catalogue does not bear. */
  check(query: QueryData, compiled: Compiled): void
}

/** A host that also takes part in an array of statements. */
interface BatchHost extends Host {
  promise<T>(
    target: unknown,
    statement: Statement,
    options: RunOptions,
    decode: (result: WireResult) => T,
  ): BatchPromise<T>
}

/** A query as this engine compiled it. */
interface ReadyQuery extends Prepared, Ready {
  readonly ground: Ground
}

/** An engine over a host, on one of its targets; `undefined` is its root. */
export function engineOn(ground: Ground, target: unknown): Engine {
  const { host, compiler } = ground

  function prepare(query: QueryData, form?: 'rows' | 'exists'): ReadyQuery {
    try {
      const { compiled, values, params } = compiler.compile(query, form)
      ground.check(query, compiled)
      return { query, ground, compiled, values, params }
    } catch (error) {
      throw at(query, undefined, error)
    }
  }

  // what another database compiled is not ours
  function ready(from: Preparable): ReadyQuery {
    const prepared = from.prepared() as ReadyQuery
    return prepared.ground === ground ? prepared : prepare(from.data)
  }

  async function run(prepared: ReadyQuery, given: readonly Given[]): Promise<unknown[]> {
    try {
      const { bindings, options } = sortGiven<RunOptions>(given)
      const { rows } = await wayTo(host, target).run(statementOf(prepared, bindings), options)
      return rows.map(prepared.compiled.reader())
    } catch (error) {
      throw at(prepared.query, prepared.compiled, error)
    }
  }

  async function* stream(query: Preparable, way: Way, given: readonly (Given | StreamOptions)[]) {
    const prepared = ready(query)
    try {
      const { bindings, options } = sortGiven<StreamOptions>(given)
      const read = prepared.compiled.reader()
      const { batch = 1000, ...interruptions } = options
      for await (const rows of way.stream(statementOf(prepared, bindings), { batch, ...interruptions })) {
        for (const row of rows) yield read(row)
      }
    } catch (error) {
      throw at(query.data, prepared.compiled, error)
    }
  }

  async function page(query: QueryData, request: PageRequest, given: readonly Given[]): Promise<Page<unknown>> {
    const paging = pagingOf(query, request)
    const found = (await run(prepare(paging.query), given)) as KeyedRow[]
    return pageOf(found, request.size, paging, row => writeCursor(paging.order, row))
  }

  function pagingOf(query: QueryData, request: PageRequest): Paging {
    try {
      checkRequest(request, query)
      const total = inTotalOrder(query, compiler.dialect)
      const { order } = prepare(total).compiled
      const cursor = request.after ?? request.before ?? undefined
      const keys = cursor === undefined ? undefined : readCursor(order, cursor, total)
      const backward = request.before != null
      return {
        query: pageQuery(total, request.size, backward, keys, compiler.dialect),
        order,
        backward,
        fromCursor: keys !== undefined,
      }
    } catch (error) {
      throw at(query, undefined, error)
    }
  }

  return Object.freeze({
    origins: ground.origins,
    on: (other: unknown) => engineFor(other) ?? engineOn(ground, other),
    prepare: query => prepare(query),
    all: async (query, given) => run(ready(query), given),
    page,
    inBatch(query, given) {
      const prepared = ready(query)
      try {
        const { bindings, options } = sortGiven<RunOptions>(given)
        const statement = statementOf(prepared, bindings)
        return batchHost(host).promise(target, statement, options, result =>
          result.rows.map(prepared.compiled.reader()),
        )
      } catch (error) {
        throw at(query.data, prepared.compiled, error)
      }
    },
    async count(query, given) {
      const [row] = (await run(prepare(countQuery(query)), given)) as [{ readonly count: number }]
      return row.count
    },
    async exists(query, given) {
      const [found] = await run(prepare(existsQuery(query), 'exists'), given)
      return found as boolean
    },
    stream(query, given) {
      // a generator begins at the first pull, perhaps elsewhere: the way is that of the call
      return stream(query, wayTo(host, target), given)
    },
    async explain(query, options, given) {
      const prepared = ready(query)
      try {
        const { bindings, options: runOptions } = sortGiven<RunOptions>(given)
        const { explain } = compiler.dialect
        const { analyze = false, buffers = false } = options
        const { text, values } = bind(prepared, bindings)
        const asked = explain.statement(text, { analyze, buffers })
        const { rows } = await wayTo(host, target).run({ text: asked, values }, runOptions)
        return explain.read(rows)
      } catch (error) {
        throw at(query.data, prepared.compiled, error)
      }
    },
    print: (query, given) => printed(ready(query), given),
    printPage: (query, request, given) => printed(prepare(pagingOf(query, request).query), given),
    explainJoins: query => explainJoins(query, compiler.dialect),
  } satisfies Engine)
}

/** A page's statement, and what its cursors belong to. */
interface Paging {
  readonly query: QueryData
  readonly order: string
  readonly backward: boolean
  readonly fromCursor: boolean
}

/** The text of a compiled query; its values where they are known. */
export function printed(ready: Ready, given: readonly Given[]): PrintedStatement {
  const { bindings } = sortGiven(given)
  const isBound = given.length > 0 || ready.params.length === 0
  if (!isBound) return { sql: unbound(ready.compiled), values: [] }
  const { text, values } = bind(ready, bindings)
  return { sql: text, values }
}

function at(query: QueryData, compiled: Compiled | undefined, error: unknown): unknown {
  const origin = describeOrigin(query.origin)
  return located(error, {
    ...(compiled === undefined ? {} : { sql: compiled.sql }),
    ...(origin === undefined ? {} : { origin }),
  })
}

const names = new WeakMap<Compiled, string>()

function statementOf(ready: Ready, bindings: ReadonlyMap<ParamKey, unknown>): Statement {
  const { compiled } = ready
  const { text, values } = bind(ready, bindings)
  if (text !== compiled.sql) return { text, values, name: nameOf(text) }
  const known = names.get(compiled)
  if (known !== undefined) return { text, values, name: known }
  const name = nameOf(text)
  names.set(compiled, name)
  return { text, values, name }
}

function nameOf(text: string): string {
  return `pillion_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}

function pageOf(
  found: readonly KeyedRow[],
  size: number,
  { backward, fromCursor }: Paging,
  cursorOf: (row: KeyedRow) => string,
): Page<unknown> {
  const more = found.length > size
  const kept = found.slice(0, size)
  const rows = backward ? kept.reverse() : kept
  const [first, last] = [rows[0], rows.at(-1)]
  return {
    rows: rows.map(each => each.row),
    next: last !== undefined && (backward ? fromCursor : more) ? cursorOf(last) : null,
    previous: first !== undefined && (backward ? more : fromCursor) ? cursorOf(first) : null,
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
