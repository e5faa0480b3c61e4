/**
 * The rows of the catalogue statement, by tag. Each tuple names what a part of the statement selects, in order.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { TextRow } from './read.js'

type Text = string
type Oid = string
type Optional = string | null
/** As `boolean::text` prints it. */
type Truth = 'true' | 'false'

export type RelationRow = readonly [
  tag: 'relation',
  oid: Oid,
  schema: Text,
  name: Text,
  kind: 'r' | 'v' | 'm' | 'p' | 'f',
  persistence: 'p' | 'u',
  rowSecurity: Truth,
  forced: Truth,
  isPartition: Truth,
  bounds: Optional,
  partitionKey: Optional,
  definition: Optional,
  server: Optional,
  comment: Optional,
]

export type NameRow = readonly [tag: 'name', oid: Oid, schema: Text, name: Text, kind: Text]

export type ColumnRow = readonly [
  tag: 'column',
  relation: Oid,
  number: Text,
  name: Text,
  type: Oid,
  sqlType: Optional,
  notNull: Truth,
  dimensions: Text,
  identity: '' | 'a' | 'd',
  generated: '' | 's' | 'v',
  expression: Optional,
  collation: Optional,
  isLocal: Truth,
  comment: Optional,
]

export type ParentRow = readonly [
  tag: 'parent',
  child: Oid,
  position: Text,
  parent: Oid,
  parentSchema: Text,
  parentName: Text,
]

export type ConstraintRow = readonly [
  tag: 'constraint',
  oid: Oid,
  relation: Oid,
  domain: Oid,
  kind: 'p' | 'u' | 'f' | 'c' | 'x' | 'n',
  name: Text,
  columns: Optional,
  target: Oid,
  targetColumns: Optional,
  onUpdate: Text,
  onDelete: Text,
  match: Text,
  deferrable: 'immediate' | 'deferred' | null,
  validated: Truth,
  noInherit: Truth,
  parent: Oid,
  notLocal: Truth,
  index: Oid,
  text: Optional,
  onDeleteColumns: Optional,
  enforced: Truth,
  period: Truth,
  comment: Optional,
]

export type IndexRow = readonly [
  tag: 'index',
  oid: Oid,
  relation: Oid,
  name: Text,
  keys: Text,
  keyCount: Text,
  unique: Truth,
  nullsNotDistinct: Truth,
  method: Text,
  where: Optional,
  definition: Optional,
  expressions: Optional,
  isPartition: Truth,
  comment: Optional,
]

export type TriggerRow = readonly [
  tag: 'trigger',
  relation: Oid,
  name: Text,
  routine: Text,
  definition: Text,
  enabled: 'O' | 'D' | 'R' | 'A',
]

export type PolicyRow = readonly [
  tag: 'policy',
  relation: Oid,
  name: Text,
  command: '*' | 'r' | 'a' | 'w' | 'd',
  permissive: Truth,
  roles: Text,
  using: Optional,
  check: Optional,
]

export type RuleRow = readonly [tag: 'rule', view: Oid, tree: Text]

export type TypeRow = readonly [
  tag: 'type',
  oid: Oid,
  array: Oid,
  kind: 'b' | 'c' | 'd' | 'e' | 'r' | 'm',
  schema: Text,
  name: Text,
  sqlType: Text,
  relation: Oid,
  notNull: Truth,
  base: Oid,
  baseSqlType: Optional,
  dimensions: Text,
  defaultValue: Optional,
  subtype: Optional,
  multirange: Optional,
  labels: Optional,
  listed: Truth,
  comment: Optional,
]

export type SequenceRow = readonly [
  tag: 'sequence',
  schema: Text,
  name: Text,
  type: Text,
  start: Text,
  increment: Text,
  min: Text,
  max: Text,
  cache: Text,
  cycle: Truth,
  ownedBy: Optional,
  comment: Optional,
]

export type RoutineRow = readonly [
  tag: 'routine',
  schema: Text,
  name: Text,
  identity: Text,
  arguments: Text,
  result: Optional,
  kind: 'f' | 'p' | 'a' | 'w',
  volatility: 'i' | 's' | 'v',
  definition: Text,
  comment: Optional,
]

interface Rows {
  session: readonly [tag: 'session', schema: Optional]
  schema: readonly [tag: 'schema', name: Text]
  extension: readonly [tag: 'extension', name: Text]
  relation: RelationRow
  name: NameRow
  column: ColumnRow
  parent: ParentRow
  constraint: ConstraintRow
  index: IndexRow
  trigger: TriggerRow
  policy: PolicyRow
  rule: RuleRow
  type: TypeRow
  sequence: SequenceRow
  routine: RoutineRow
  server: readonly [tag: 'server', name: Text, wrapper: Text]
}

/** Gives the rows of one part. */
export type CatalogueRows = <Tag extends keyof Rows>(tag: Tag) => readonly Rows[Tag][]

/** Sorts rows out by tag, once. */
export function catalogueRows(rows: readonly TextRow[]): CatalogueRows {
  const byTag = groupBy(rows, row => row[0])
  return tag => (byTag.get(tag) ?? []) as unknown as never
}
