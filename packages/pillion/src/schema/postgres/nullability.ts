/**
 * Which columns can be relied on never to hold NULL.
 *
 * @module
 */
import { groupBy } from '../group.js'
import { arrayItems } from './read.js'
import { byText } from '../plain.js'
import { type CatalogueRows, type ColumnRow, flag } from './rows.js'
import { readTree } from './node-tree.js'
import type { Types } from './types.js'
import { queryNeverNull } from './view-nullability.js'

/** Is the column of this relation, by number, never NULL in any row that a SELECT from the relation sees? */
export type NeverNull = (relation: string, column: string) => boolean

/**
 * What tables declare and what views prove. A foreign table's NOT NULL is a promise that this server does not
 * check, so it is no proof for a view; nor is any column for a materialized view, whose rows may be older than
 * the column's NOT NULL.
 */
export function neverNullOf(rows: CatalogueRows, types: Types): NeverNull {
  const declared = declaredNeverNull(rows, types)
  const kinds = new Map(rows.part('name').map(row => [row[1], row[4]]))
  const rules = new Map(rows.part('rule').map(row => [row[1], row[2]]))
  const trees = memoised((view: string) => readTree(rules.get(view) ?? '<>'))
  const proofs = new Map<string, boolean>()

  const proven = (relation: string, column: string): boolean => {
    const claim = `${relation}.${column}`
    const before = proofs.get(claim)
    if (before !== undefined) return before
    proofs.set(claim, false)
    const from = kinds.get(relation) === 'm' ? () => false : trusted
    const proof = queryNeverNull(trees(relation), Number(column), from)
    proofs.set(claim, proof)
    return proof
  }
  const neverNull: NeverNull = (relation, column) =>
    rules.has(relation) ? proven(relation, column) : declared(relation, column)
  const trusted: NeverNull = (relation, column) => kinds.get(relation) !== 'f' && neverNull(relation, column)
  return neverNull
}

/** Ids of the relations that a view's query reads, sorted, by the view's oid. */
export function dependenciesOf(rows: CatalogueRows): (view: string) => readonly string[] {
  const ids = new Map(rows.part('name').map(([, oid, schema, name]) => [oid, `${schema}.${name}`]))
  const rules = new Map(rows.part('rule').map(row => [row[1], row[2]]))
  return view => {
    const read = [...(rules.get(view) ?? '').matchAll(/:rtekind 0 :relid (\d+)/g)].map(match => match[1] ?? '')
    const others = new Set(read.filter(oid => oid !== view).flatMap(oid => ids.get(oid) ?? []))
    return Object.freeze([...others].sort(byText))
  }
}

function memoised<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>()
  return key => {
    const before = known.get(key)
    if (before !== undefined) return before
    const value = compute(key)
    known.set(key, value)
    return value
  }
}

/**
 * What tables declare: NOT NULL, or a domain's. A parent of INHERITS children shows their rows too, so its
 * column must be NOT NULL in all of them. A NOT NULL that is NOT VALID (PostgreSQL 18) counts for nothing.
 */
function declaredNeverNull(rows: CatalogueRows, types: Types): NeverNull {
  const unproven = new Set(
    rows
      .part('constraint')
      .flatMap(row => (row[4][0] === 'n' ? arrayItems(row[6]).map(column => `${row[2]}.${column}`) : [])),
  )
  const kinds = new Map(rows.part('name').map(row => [row[1], row[4]]))
  const children = groupBy(
    rows.part('parent').filter(row => kinds.get(row[3]) !== 'p'),
    row => row[3],
  )
  const declares = ([, relation, number, , oid, , flags]: ColumnRow): boolean =>
    (flag(flags, 0) && !unproven.has(`${relation}.${number}`)) || types.refusesNull(oid)

  const everywhere = (row: ColumnRow): boolean =>
    declares(row) &&
    (children.get(row[1]) ?? []).every(([, child]) => {
      const same = rows.columns(child).find(column => column[3] === row[3])
      return same !== undefined && everywhere(same)
    })

  return (relation, column) => {
    const row = rows.column(relation, column)
    return row !== undefined && everywhere(row)
  }
}
