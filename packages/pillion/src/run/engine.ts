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
  Engine,
  ExplainOptions,
  Given,
  Origins,
  Page,
  PageRequest,
  RunOptions,
  StreamOptions,
} from '../query/engine.js'
import type { QueryData } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
import { bind, sortGiven } from './bind.js'
import type { Host, Statement, WireResult } from './host.js'

/** What an engine stands on. */
export interface Ground {
  readonly host: Host
  readonly compiler: Compiler
  readonly origins: Origins
  /** Refuses a query that the live catalogue does not bear. */
  check(query: QueryData): void
}

/** A host that also takes part in an array of statements. */
interface BatchHost extends Host {
  promise<T>(target: unknown, statement: Statement, options: RunOptions, decode: (result: WireResult) => T): Promise<T>
}

/** An engine over a host, on one of its targets; `undefined` is its root. */
export function engineOn(ground: Ground, target: unknown): Engine {
  const { host, compiler } = ground

  async function run(ready: Ready, given: readonly Given[]): Promise<unknown[]> {
    const { bindings, options } = sortGiven<RunOptions>(given)
    const result = await host.run(target, statementOf(ready, bind(ready, bindings)), options)
    return result.rows.map(ready.compiled.read)
  }

  function prepare(query: QueryData, form?: 'rows' | 'exists'): Ready {
    const ready = compiler.compile(query, form)
    if (!checked.has(ready.compiled)) {
      ground.check(query)
      checked.add(ready.compiled)
    }
    return ready
  }

  async function all(query: QueryData, given: readonly Given[], form?: 'rows' | 'exists'): Promise<unknown[]> {
    let ready: Ready | undefined
    try {
      ready = prepare(query, form)
      return await run(ready, given)
    } catch (error) {
      throw at(query, ready, error)
    }
  }

  async function page(query: QueryData, request: PageRequest, given: readonly Given[]): Promise<Page<unknown>> {
    try {
      checkRequest(request, query)
      const total = inTotalOrder(query)
      const { order } = compiler.compile(total).compiled
      const cursor = request.after ?? request.before ?? undefined
      const keys = cursor === undefined ? undefined : readCursor(order, cursor, total)
      const backward = request.before != null
      const found = (await all(pageQuery(total, request.size, backward, keys, compiler.dialect), given)) as KeyedRow[]
      return pageOf(found, request.size, backward, keys !== undefined, row => writeCursor(order, row))
    } catch (error) {
      throw at(query, undefined, error)
    }
  }

  return Object.freeze({
    origins: ground.origins,
    on: (other: unknown) => engineFor(other) ?? engineOn(ground, other),
    all: (query, given) => all(query, given),
    page,
    inBatch(query, given) {
      const ready = prepare(query)
      const { bindings, options } = sortGiven<RunOptions>(given)
      const statement = statementOf(ready, bind(ready, bindings))
      return batchHost(host).promise(target, statement, options, result => result.rows.map(ready.compiled.read))
    },
    async count(query, given) {
      const [row] = (await all(countQuery(query), given)) as [{ readonly count: number }]
      return row.count
    },
    async exists(query, given) {
      const [found] = await all(existsQuery(query), given, 'exists')
      return found as boolean
    },
    async *stream(query, given) {
      let ready: Ready | undefined
      try {
        ready = prepare(query)
        const { bindings, options } = sortGiven<StreamOptions>(given)
        const { batch = 1000, ...interruptions } = options
        const statement = statementOf(ready, bind(ready, bindings))
        for await (const rows of host.stream(target, statement, { batch, ...interruptions })) {
          for (const row of rows) yield ready.compiled.read(row)
        }
      } catch (error) {
        throw at(query, ready, error)
      }
    },
    async explain(query, options, given) {
      let ready: Ready | undefined
      try {
        ready = prepare(query)
        const { bindings, options: runOptions } = sortGiven<RunOptions>(given)
        const statement = { text: `${explainWords(options)} ${ready.compiled.sql}`, values: bind(ready, bindings) }
        const { rows } = await host.run(target, statement, runOptions)
        return JSON.parse(rows.map(row => row[0]).join('\n'))
      } catch (error) {
        throw at(query, ready, error)
      }
    },
    print(query, given) {
      try {
        const ready = prepare(query)
        const { bindings } = sortGiven(given)
        return {
          sql: ready.compiled.sql,
          values: given.length > 0 || ready.params.length === 0 ? bind(ready, bindings) : [],
        }
      } catch (error) {
        throw at(query, undefined, error)
      }
    },
    explainJoins: query => explainJoins(query, compiler.dialect),
  } satisfies Engine)
}

const checked = new WeakSet<Compiled>()

function at(query: QueryData, ready: Ready | undefined, error: unknown): unknown {
  const origin = describeOrigin(query.origin)
  return located(error, {
    ...(ready === undefined ? {} : { sql: ready.compiled.sql }),
    ...(origin === undefined ? {} : { origin }),
  })
}

const names = new WeakMap<Compiled, string>()

function statementOf({ compiled }: Ready, values: (string | null)[]): Statement {
  let name = names.get(compiled)
  if (name === undefined) {
    name = `pillion_${createHash('sha256').update(compiled.sql).digest('hex').slice(0, 32)}`
    names.set(compiled, name)
  }
  return { text: compiled.sql, values, name }
}

function pageOf(
  found: readonly KeyedRow[],
  size: number,
  backward: boolean,
  fromCursor: boolean,
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

function explainWords({ analyze = false, buffers = false }: ExplainOptions): string {
  return `EXPLAIN (${['FORMAT JSON', analyze && 'ANALYZE', buffers && 'BUFFERS'].filter(Boolean).join(', ')})`
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
