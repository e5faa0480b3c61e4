/**
 * The rows of the catalogue statement, by tag. Each tuple names what a branch of the statement selects, in order.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { TextRow } from '../read.js'

type Text = string
type Optional = string | null

export type TableRow = readonly [
  tag: 'table',
  schema: Text,
  name: Text,
  /** `BASE TABLE`, `VIEW`, `SYSTEM VERSIONED`, `SEQUENCE`, … */
  type: Text,
  engine: Optional,
  collation: Optional,
  options: Optional,
  comment: Text,
]

export type ColumnRow = readonly [
  tag: 'column',
  schema: Text,
  table: Text,
  position: Text,
  name: Text,
  /** `int`. */
  dataType: Text,
  /** `int(10) unsigned`. */
  columnType: Text,
  nullable: 'YES' | 'NO',
  /** In MariaDB an expression, in MySQL a value unless `extra` says otherwise. */
  defaultValue: Optional,
  extra: Text,
  generated: Optional,
  collation: Optional,
  comment: Text,
  /** Of a geometry, the one system of coordinates that it may have; in MySQL. */
  srid: Optional,
]

export type IndexRow = readonly [
  tag: 'index',
  schema: Text,
  table: Text,
  name: Text,
  position: Text,
  nonUnique: Text,
  column: Optional,
  expression: Optional,
  /** How much of the column is indexed, where not all is. */
  length: Optional,
  /** `A`, `D`, or neither. */
  order: Optional,
  type: Text,
  ignored: Optional,
  comment: Text,
]

export type KeyColumnRow = readonly [
  tag: 'key column',
  schema: Text,
  table: Text,
  constraint: Text,
  position: Text,
  column: Text,
  targetSchema: Text,
  target: Text,
  targetColumn: Text,
]

export type ReferenceRow = readonly [
  tag: 'reference',
  schema: Text,
  table: Text,
  constraint: Text,
  onUpdate: Text,
  onDelete: Text,
]

export type CheckRow = readonly [
  tag: 'check',
  schema: Text,
  table: Text,
  constraint: Text,
  level: 'Table' | 'Column',
  clause: Text,
  enforced: 'YES' | 'NO',
]

export type ViewRow = readonly [
  tag: 'view',
  schema: Text,
  name: Text,
  definition: Text,
  checkOption: Text,
  security: Text,
  algorithm: Optional,
]

export type TriggerRow = readonly [
  tag: 'trigger',
  schema: Text,
  table: Text,
  name: Text,
  order: Text,
  timing: Text,
  event: Text,
  statement: Text,
]

export type RoutineRow = readonly [
  tag: 'routine',
  schema: Text,
  name: Text,
  type: 'FUNCTION' | 'PROCEDURE',
  result: Optional,
  charset: Optional,
  collation: Optional,
  deterministic: 'YES' | 'NO',
  dataAccess: Text,
  security: Text,
  /** None without the right to see it. */
  body: Optional,
  comment: Text,
]

export type ParameterRow = readonly [
  tag: 'parameter',
  schema: Text,
  routine: Text,
  routineType: 'FUNCTION' | 'PROCEDURE',
  position: Text,
  mode: Text,
  name: Text,
  type: Text,
  charset: Optional,
  collation: Optional,
]

export type PartitionRow = readonly [
  tag: 'partition',
  schema: Text,
  table: Text,
  position: Text,
  subposition: Optional,
  name: Text,
  method: Text,
  expression: Optional,
  description: Optional,
  submethod: Optional,
  subexpression: Optional,
  comment: Optional,
]

interface Rows {
  schema: readonly [tag: 'schema', name: Text]
  table: TableRow
  column: ColumnRow
  index: IndexRow
  'key column': KeyColumnRow
  reference: ReferenceRow
  check: CheckRow
  view: ViewRow
  trigger: TriggerRow
  routine: RoutineRow
  parameter: ParameterRow
  partition: PartitionRow
}

/** The rows of the statement, ready to be looked up. */
export interface CatalogueRows {
  /** The rows of one part. */
  part<Tag extends keyof Rows>(tag: Tag): readonly Rows[Tag][]
  /** Those of one table, in order of position where they have one. */
  of<Tag extends PartOfTable>(tag: Tag, table: TableRow): readonly Rows[Tag][]
}

type PartOfTable = 'column' | 'index' | 'key column' | 'reference' | 'check' | 'view' | 'trigger' | 'partition'

/** Sorts rows out, once. */
export function catalogueRows(rows: readonly TextRow[]): CatalogueRows {
  const byTag = groupBy(rows, row => row[0])
  const byTable = groupBy(rows, row => `${row[0]} ${row[1]} ${row[2]}`)
  return {
    part: tag => (byTag.get(tag) ?? []) as unknown as never,
    of: (tag, [, schema, name]) => (byTable.get(`${tag} ${schema} ${name}`) ?? []) as unknown as never,
  }
}
