/**
 * How a join compares the two ends of a foreign key, where they are of two types. Then it is not what the key compares by, nor what
 * a unique of either end tells apart.
 *
 * @module
 */
import { baseName } from './base-types.js'
import type { Column, DialectName, Table } from './model.js'

/** One end of a foreign key: columns of a table. */
export interface KeyEnd {
  readonly table: Table
  readonly columns: readonly string[]
}

/**
 * Do values that the columns tell apart stay apart when they are compared with those of another end? SQLite compares what is
 * declared a number with anything else as numbers, and `'1'` and `'01'` are one.
 *
 * @see https://www.sqlite.org/datatype3.html#type_conversions_prior_to_comparison
 */
export function staysApart(dialect: DialectName, end: KeyEnd, other: KeyEnd): boolean {
  if (dialect !== 'sqlite') return true
  return pairs(end, other).every(([own, its]) => {
    const [ours, theirs] = [affinityOf(own), affinityOf(its)]
    return ours === 'numeric' || theirs === 'text' || theirs === 'none'
  })
}

/**
 * Does a join find what the key says is there? The key compares as the end that is pointed to: for PostgreSQL's `char(3)`, `'a '` is
 * `'a'`, which a join compares as text; for SQLite's TEXT, 1 is `'1'`, which a join with a column of no type does not.
 *
 * @see https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK
 * @see https://www.sqlite.org/foreignkeys.html#fk_indexes
 */
export function findsWhatIsThere(dialect: DialectName, from: KeyEnd, to: KeyEnd): boolean {
  return pairs(from, to).every(([own, its]) => {
    if (dialect === 'sqlite') return affinityOf(its) !== 'text' || ['text', 'numeric'].includes(affinityOf(own))
    return dialect !== 'postgres' || baseName(own.type) === baseName(its.type) || !lenient.has(baseName(its.type))
  })
}

/** Types that take as one what a text tells apart. */
const lenient: ReadonlySet<string> = new Set(['bpchar', 'citext'])

function pairs(one: KeyEnd, other: KeyEnd): readonly (readonly [Column, Column])[] {
  return one.columns.flatMap((name, at) => {
    const [own, its] = [columnOf(one.table, name), columnOf(other.table, other.columns[at])]
    return own === undefined || its === undefined ? [] : [[own, its] as const]
  })
}

const columnOf = ({ columns }: Table, wanted: string | undefined): Column | undefined =>
  columns.find(({ name }) => name === wanted)

type Affinity = 'text' | 'numeric' | 'none' | 'any'

/** By the rules of SQLite's own, in their order. What is declared ANY is numeric, or none where the table is STRICT. */
function affinityOf({ sqlType }: Column): Affinity {
  const declared = sqlType.toUpperCase()
  if (declared === 'ANY') return 'any'
  if (declared.includes('INT')) return 'numeric'
  if (/CHAR|CLOB|TEXT/.test(declared)) return 'text'
  return declared === '' || declared.includes('BLOB') ? 'none' : 'numeric'
}
