/**
 * The rows of the catalogue statement, by tag. Each tuple names what a part of the statement selects, in order.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { TextRow } from '../read.js'

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
  /** Kind (`rvmpf`), persistence (`pu`), row security, forced, is a partition. */
  flags: Text,
  bounds: Optional,
  partitionKey: Optional,
  definition: Optional,
  /** Of a view alone: `security_invoker=true, check_option=local`. */
  options: Optional,
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
  /** NOT NULL, is declared here, identity (`ad`), generated (`sv`). */
  flags: Text,
  dimensions: Text,
  expression: Optional,
  collation: Optional,
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
  /**
   * Kind (`pufcxn`), ON UPDATE, ON DELETE, MATCH, deferrable, deferred, validated, NO INHERIT, is declared here,
   * enforced, period.
   */
  flags: Text,
  name: Text,
  columns: Optional,
  target: Oid,
  targetColumns: Optional,
  parent: Oid,
  index: Oid,
  text: Optional,
  onDeleteColumns: Optional,
  comment: Optional,
]

export type IndexRow = readonly [
  tag: 'index',
  oid: Oid,
  relation: Oid,
  name: Text,
  keys: Text,
  keyCount: Text,
  /** Unique, NULLS NOT DISTINCT, is a partition's part, is valid. */
  flags: Text,
  method: Text,
  /** None for the index of a constraint. */
  definition: Optional,
  where: Optional,
  expressions: Optional,
  comment: Optional,
  /** Of a unique index, by place: columns that it compares otherwise than the column by itself is compared. */
  otherwise: Optional,
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
  /** Kind (`bcderm`), NOT NULL, is to be listed. */
  flags: Text,
  schema: Text,
  name: Text,
  sqlType: Text,
  /** A composite's relation, a domain's base, a range's subtype. */
  of: Optional,
  baseSqlType: Optional,
  dimensions: Text,
  defaultValue: Optional,
  multirange: Optional,
  labels: Optional,
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
  extension: readonly [tag: 'extension', name: Text, schema: Text]
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

/** The rows of the statement, ready to be looked up. */
export interface CatalogueRows {
  /** The rows of one part. */
  part<Tag extends keyof Rows>(tag: Tag): readonly Rows[Tag][]
  /** The columns of a relation, in order. */
  columns(relation: Oid): readonly ColumnRow[]
  /** One column of a relation, by number. */
  column(relation: Oid, number: string): ColumnRow | undefined
}

/** Sorts rows out, once. */
export function catalogueRows(rows: readonly TextRow[]): CatalogueRows {
  const byTag = groupBy(rows, row => row[0])
  const part: CatalogueRows['part'] = tag => (byTag.get(tag) ?? []) as unknown as never
  const columns = new Map<Oid, Map<string, ColumnRow>>()
  for (const row of part('column')) {
    const relation = columns.get(row[1])
    if (relation) relation.set(row[2], row)
    else columns.set(row[1], new Map([[row[2], row]]))
  }
  return {
    part,
    columns: relation => [...(columns.get(relation)?.values() ?? [])].sort((a, b) => Number(a[2]) - Number(b[2])),
    column: (relation, number) => columns.get(relation)?.get(number),
  }
}

/** Is the flag at this place of a word of flags up? */
export const flag = (flags: string, at: number): boolean => flags[at] === 't'
