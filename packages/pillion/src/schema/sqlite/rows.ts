/**
 * The rows of the catalogue statement, by tag. Each tuple names what a branch of the statement selects, in order.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { TextRow } from '../read.js'

type Text = string
type Optional = string | null
type Truth = '0' | '1'

export type ObjectRow = readonly [
  tag: 'object',
  schema: Text,
  name: Text,
  type: 'table' | 'index' | 'view' | 'trigger',
  table: Text,
  /** None for the index of a constraint. */
  sql: Optional,
]

export type TableRow = readonly [
  tag: 'table',
  schema: Text,
  name: Text,
  type: 'table' | 'view' | 'virtual',
  withoutRowid: Truth,
  strict: Truth,
]

export type ColumnRow = readonly [
  tag: 'column',
  schema: Text,
  table: Text,
  position: Text,
  name: Text,
  type: Text,
  notNull: Truth,
  defaultValue: Optional,
  /** Its place in the primary key, from 1; 0 outside. */
  primaryKey: Text,
  /** 1: of a virtual table, not in `SELECT *`. 2: virtual generated. 3: stored generated. */
  hidden: Text,
]

export type IndexRow = readonly [
  tag: 'index',
  schema: Text,
  table: Text,
  name: Text,
  unique: Truth,
  /** CREATE INDEX, UNIQUE, PRIMARY KEY. */
  origin: 'c' | 'u' | 'pk',
]

export type IndexKeyRow = readonly [
  tag: 'index key',
  schema: Text,
  table: Text,
  index: Text,
  position: Text,
  /** None of an expression and of the row id. */
  column: Optional,
  /** -1 of the row id, -2 of an expression. */
  number: Text,
  descending: Truth,
  collation: Text,
]

export type ReferenceRow = readonly [
  tag: 'reference',
  schema: Text,
  table: Text,
  /** From 0, the last of the table's first. */
  number: Text,
  position: Text,
  target: Text,
  column: Text,
  /** None where the target's primary key is meant. */
  targetColumn: Optional,
  onUpdate: Text,
  onDelete: Text,
]

interface Rows {
  object: ObjectRow
  table: TableRow
  column: ColumnRow
  index: IndexRow
  'index key': IndexKeyRow
  reference: ReferenceRow
}

/** The rows of the statement, ready to be looked up. */
export interface CatalogueRows {
  /** The rows of one part. */
  part<Tag extends keyof Rows>(tag: Tag): readonly Rows[Tag][]
  /** Those of one table, in their order. */
  of<Tag extends Exclude<keyof Rows, 'object'>>(tag: Tag, table: TableRow): readonly Rows[Tag][]
  /** The columns of a table, by the table's id. */
  columns(id: string): readonly ColumnRow[]
  /** The text of a definition. */
  sql(schema: string, name: string): string | null
  /** The triggers of a table or view. */
  triggers(table: TableRow): readonly ObjectRow[]
}

/** Sorts rows out, once. */
export function catalogueRows(rows: readonly TextRow[]): CatalogueRows {
  const byTag = groupBy(rows, row => row[0])
  const byTable = groupBy(rows, row => `${row[0]} ${row[1]}.${row[2]}`)
  const part: CatalogueRows['part'] = tag => (byTag.get(tag) ?? []) as unknown as never
  const texts = new Map(part('object').map(row => [`${row[1]}.${row[2]}`, row[5]?.trim() ?? null]))
  const triggers = groupBy(
    part('object').filter(row => row[3] === 'trigger'),
    row => `${row[1]}.${row[4].toLowerCase()}`,
  )
  return {
    part,
    of: (tag, [, schema, name]) => (byTable.get(`${tag} ${schema}.${name}`) ?? []) as unknown as never,
    columns: id => (byTable.get(`column ${id}`) ?? []) as unknown as never,
    sql: (schema, name) => texts.get(`${schema}.${name}`) ?? null,
    triggers: ([, schema, name]) => triggers.get(`${schema}.${name.toLowerCase()}`) ?? [],
  }
}
