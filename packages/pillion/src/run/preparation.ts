/**
 * What is done to a query before it is sent, and to its rows before they are given: the same whether the rows are
 * awaited or there at once.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Compiled, Compiler, Ready } from '../compile/compile.js'
import { checkRequest, inTotalOrder, type KeyedRow, pageQuery, readCursor, writeCursor } from '../compile/page.js'
import { located } from '../errors.js'
import type { Given, Origins, Page, PageRequest, Preparable, Prepared, PrintedStatement } from '../query/engine.js'
import type { ParamKey, QueryData } from '../query/node.js'
import { describeOrigin } from '../query/origin.js'
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

/** A query as this engine compiled it. */
export interface ReadyQuery extends Prepared, Ready {
  readonly ground: Ground
}

/** How queries are made ready on a ground. */
export interface Preparation {
  /** @throws PillionError what is wrong with the query, and where it was written */
  prepare(query: QueryData, form?: 'rows' | 'exists'): ReadyQuery
  /** A query's own, made where it is not there yet. */
  ready(from: Preparable): ReadyQuery
  pagingOf(query: QueryData, request: PageRequest): Paging
}

export function preparation(ground: Ground): Preparation {
  const { compiler } = ground

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

  return Object.freeze({ prepare, ready, pagingOf })
}

/** A page's statement, and what its cursors belong to. */
export interface Paging {
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

/** An error with the query's place and text, where it has none of its own. */
export function at(query: QueryData, compiled: Compiled | undefined, error: unknown): unknown {
  const origin = describeOrigin(query.origin)
  const known = {
    ...(compiled === undefined ? {} : { sql: unbound(compiled) }),
    ...(origin === undefined ? {} : { origin }),
  }
  return located(error, known, compiled?.asked)
}

const names = new WeakMap<Compiled, string>()

/** A query's statement with its values. */
export function statementOf(ready: Ready, bindings: ReadonlyMap<ParamKey, unknown>): QueryStatement {
  const { compiled } = ready
  const { text, values } = bind(ready, bindings)
  // a literal: an object that is put together of another costs more than a statement in the process itself
  return {
    text,
    values,
    name: text === compiled.sql ? nameOfCompiled(compiled) : nameOf(text),
    make: compiled.reader(),
  }
}

export type QueryStatement = Statement & Required<Pick<Statement, 'make'>>

/** A query's rows, made by the host or here. */
export function rowsOf(result: WireResult, { make }: QueryStatement): unknown[] {
  return result.made === undefined ? result.rows.map(make) : result.made()
}

function nameOfCompiled(compiled: Compiled): string {
  const known = names.get(compiled)
  if (known !== undefined) return known
  const name = nameOf(compiled.sql)
  names.set(compiled, name)
  return name
}

function nameOf(text: string): string {
  return `pillion_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
}

/** A page of the rows that were found, one more than it holds. */
export function pageOf(
  found: readonly KeyedRow[],
  size: number,
  { backward, fromCursor, order }: Paging,
): Page<unknown> {
  const cursorOf = (row: KeyedRow): string => writeCursor(order, row)
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
