/**
 * From a query to a statement's text. An alias for every handle is chosen here, in first-mention order, and so is the
 * same in every run.
 *
 * @module
 */
import type { QueryData } from '../../query/node.js'
import type { Table } from '../../schema/model.js'
import type { Dialect } from '../dialect.js'
import { buildError } from '../failure.js'
import { list } from './list.js'
import { inOrder, type Printing, type Slot, type Subqueries, type Witness } from './scope.js'
import { existence, members, rows } from './select.js'
import { apart } from './source.js'

/** A printed statement. */
export interface Printed {
  readonly sql: string
  readonly slots: readonly Slot[]
  /** The outermost ORDER BY keys: what a page cursor belongs to. */
  readonly order: string
  /** The catalogue's tables it reads. */
  readonly tables: readonly Table[]
}

const subqueries: Subqueries = { rows, members, existence, list }

/** Prints a query; `form` says whether its rows are wanted, or only whether there is one. */
export function print(
  query: QueryData,
  dialect: Dialect,
  form: 'rows' | 'exists' = 'rows',
  witness?: Witness,
): Printed {
  const out: Printing = {
    dialect,
    witness,
    subqueries,
    names: new Set(),
    slots: [],
    positions: new Map(),
    ctes: new Map(),
    tables: [],
    withs: [],
    recursive: false,
    grouped: false,
    traits: new Set(),
    absent: new Set(),
    leftJoins: 0,
    order: '',
  }
  const body =
    form === 'exists' ? `SELECT EXISTS (${existence(query, undefined, out)})` : rows(query, undefined, out, 'out')
  checkShadows(query, out)
  const withs = out.withs.map(({ sql, cte }) => `${sql}${cte.recursion === undefined ? apart(cte.query, out) : ''})`)
  const head = withs.length > 0 ? `WITH ${out.recursive ? 'RECURSIVE ' : ''}${withs.join(', ')} ` : ''
  const { sql, slots } = inOrder(dialect.statement(head + body, out.traits), out)
  return { sql, slots, order: out.order, tables: out.tables.map(each => each.table) }
}

function checkShadows(query: QueryData, { ctes, tables, dialect: { folded } }: Printing): void {
  if (ctes.size === 0) return
  const names = new Set([...ctes.values()].map(folded))
  const shadowed = tables.find(({ name, qualified }) => !qualified && names.has(folded(name)))
  if (shadowed === undefined) return
  throw buildError(
    'QUERY_INVALID',
    `The CTE ${shadowed.name} is named as a table of the same statement, and would hide it.`,
    'Give the CTE another name.',
    query.origin,
  )
}
