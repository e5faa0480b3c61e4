/**
 * From catalogue rows to tables, without their relations.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type {
  CheckConstraint,
  Column,
  ExclusionConstraint,
  ForeignKey,
  ForeignKeyAction,
  Index,
  Names,
  Policy,
  Table,
  TableKind,
  Trigger,
  UniqueConstraint,
} from '../model.js'
import { keyOf, keysOf } from '../names.js'
import type { NeverNull } from './nullability.js'
import { byText, isTrue, named, present } from './plain.js'
import { arrayItems, vectorItems } from './read.js'
import {
  type CatalogueRows,
  type ColumnRow,
  type ConstraintRow,
  type IndexRow,
  type PolicyRow,
  type RelationRow,
  type TriggerRow,
} from './rows.js'
import type { Types } from './types.js'

/** What tables are built with. */
export interface TableContext {
  readonly types: Types
  readonly neverNull: NeverNull
  /** Ids of the relations that a view's query reads, sorted. */
  readonly dependencies: (view: string) => readonly string[]
  readonly names: Names
  readonly defaultSchema: string
}

const kinds: Record<RelationRow[4], TableKind> = {
  r: 'table',
  v: 'view',
  m: 'materialized view',
  p: 'partitioned table',
  f: 'foreign table',
}

const actions: Record<string, ForeignKeyAction> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
}

const commands: Record<PolicyRow[3], Policy['command']> = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
}

const enabled: Record<TriggerRow[5], Trigger['enabled']> = {
  O: 'origin',
  A: 'always',
  R: 'replica',
  D: 'disabled',
}

/** The tables and views of the rows, in order of schema and name. */
export function tablesOf(rows: CatalogueRows, context: TableContext): readonly Table[] {
  const ids = new Map(rows('name').map(([, oid, schema, name]) => [oid, `${schema}.${name}`]))
  const idOf = (oid: string) => ids.get(oid) ?? oid
  const columns = groupBy(rows('column'), row => row[1])
  const numbered = new Map(rows('column').map(row => [`${row[1]}.${row[2]}`, row[3]]))
  const nameOf = (relation: string) => (column: string) => numbered.get(`${relation}.${column}`) ?? column
  const constraints = groupBy(rows('constraint'), row => row[2])
  const constraintRelation = new Map(rows('constraint').map(row => [row[1], row[2]]))
  const indexes = groupBy(rows('index'), row => row[2])
  const triggers = groupBy(rows('trigger'), row => row[1])
  const policies = groupBy(rows('policy'), row => row[1])
  const parents = groupBy(rows('parent'), row => row[1])

  // A key to a partitioned table is listed once more for each of its partitions: those say nothing new.
  const isCopy = (row: ConstraintRow) => row[15] !== '0' && constraintRelation.get(row[15]) === row[2]

  const table = (row: RelationRow): Table => {
    const [, oid, schema, name, kind, persistence, rowSecurity, forced, isPartition, ...rest] = row
    const [bounds, partitionKey, definition, server, comment] = rest
    const ownColumns = [...(columns.get(oid) ?? [])].sort((a, b) => Number(a[2]) - Number(b[2]))
    const ownIndexes = indexes.get(oid) ?? []
    const ownConstraints = constraints.get(oid) ?? []
    const ofKind = (wanted: ConstraintRow[4]) => ownConstraints.filter(constraint => constraint[4] === wanted)
    const made = new Map(ownIndexes.map(index => [index[1], index]))
    const unique = (constraint: ConstraintRow) => uniqueConstraint(constraint, made.get(constraint[17]), nameOf(oid))
    const primaryKey = ofKind('p').map(unique)[0]
    const ownParents = [...(parents.get(oid) ?? [])].sort((a, b) => Number(a[2]) - Number(b[2]))
    const parentIds = ownParents.map(parent => `${parent[4]}.${parent[5]}`)
    return Object.freeze({
      id: `${schema}.${name}`,
      schema,
      name,
      key: schema === context.defaultSchema ? keyOf(name, context.names) : qualifiedKey(schema, name, context.names),
      kind: kinds[kind],
      columns: Object.freeze(columnsOf(ownColumns, kind, context)),
      ...present({ primaryKey }),
      uniques: named(ofKind('u').map(unique)),
      foreignKeys: named(
        ofKind('f')
          .filter(constraint => !isCopy(constraint))
          .map(constraint => foreignKey(constraint, idOf(constraint[7]), nameOf(oid), nameOf(constraint[7]))),
      ),
      checks: named(ofKind('c').map(check)),
      exclusions: named(ofKind('x').map(exclusion)),
      indexes: named(ownIndexes.filter(index => index[10] !== null).map(index => indexOf(index, nameOf(oid)))),
      triggers: named((triggers.get(oid) ?? []).map(trigger)),
      policies: named((policies.get(oid) ?? []).map(policy)),
      relations: noRelations,
      ...present({
        rowSecurity: isTrue(forced) ? ('forced' as const) : isTrue(rowSecurity) && ('enabled' as const),
        comment,
        inherits: !isTrue(isPartition) && parentIds.length > 0 && Object.freeze(parentIds),
        partitionKey,
        partitionOf: isTrue(isPartition) && Object.freeze({ table: parentIds[0] ?? '', bounds: bounds ?? '' }),
        definition: definition?.replace(/;$/, '').trim(),
        dependsOn: definition !== null && context.dependencies(oid),
        server,
        unlogged: persistence === 'u',
      }),
    })
  }

  return Object.freeze(
    rows('relation')
      .map(table)
      .sort((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name)),
  )
}

const noRelations = Object.freeze([])

const qualifiedKey = (schema: string, name: string, names: Names): string =>
  `${keyOf(schema, names)}.${keyOf(name, names)}`

function columnsOf(rows: readonly ColumnRow[], kind: RelationRow[4], { types, neverNull, names }: TableContext) {
  const keys = keysOf(
    rows.map(row => row[3]),
    names,
  )
  return rows.map((row, at): Column => {
    const [, relation, number, name, oid, sqlType, , dimensions, identity, generated, expression, ...rest] = row
    const [collation, isLocal, comment] = rest
    const use = { oid, sqlType, dimensions }
    return Object.freeze({
      name,
      key: keys[at] ?? name,
      position: at + 1,
      type: types.typeOf(use),
      sqlType: types.sqlTypeOf(use),
      nullable: !neverNull(relation, number),
      ...present({
        default: generated === '' && identity === '' && expression,
        generated:
          generated !== '' &&
          Object.freeze({
            kind: generated === 's' ? ('stored' as const) : ('virtual' as const),
            expression: expression ?? '',
          }),
        identity: identity !== '' && (identity === 'a' ? ('always' as const) : ('by default' as const)),
        collation,
        comment,
        inherited: (kind === 'r' || kind === 'p' || kind === 'f') && !isTrue(isLocal),
      }),
    })
  })
}

type NameOf = (column: string) => string

const namesOf = (columns: string | null, nameOf: NameOf): readonly string[] =>
  Object.freeze(arrayItems(columns).map(nameOf))

const isInherited = (row: ConstraintRow): boolean => row[15] !== '0' || isTrue(row[16])

function uniqueConstraint(row: ConstraintRow, index: IndexRow | undefined, nameOf: NameOf): UniqueConstraint {
  const include = index && vectorItems(index[4]).slice(Number(index[5])).map(nameOf)
  return Object.freeze({
    name: row[5],
    columns: namesOf(row[6], nameOf),
    ...present({
      include: include?.length ? Object.freeze(include) : null,
      nullsNotDistinct: index && isTrue(index[7]),
      deferrable: row[12],
      withoutOverlaps: isTrue(row[21]),
      inherited: isInherited(row),
      comment: row[22],
    }),
  })
}

function foreignKey(row: ConstraintRow, target: string, nameHere: NameOf, nameThere: NameOf): ForeignKey {
  const [, , , , , name, columns, , targetColumns, onUpdate, onDelete, match, deferrable, validated] = row
  return Object.freeze({
    name,
    columns: namesOf(columns, nameHere),
    target,
    targetColumns: namesOf(targetColumns, nameThere),
    onUpdate: actions[onUpdate] ?? 'no action',
    onDelete: actions[onDelete] ?? 'no action',
    validated: isTrue(validated),
    ...present({
      onDeleteColumns: row[19] !== null && namesOf(row[19], nameHere),
      match: match === 'f' && ('full' as const),
      deferrable,
      notEnforced: !isTrue(row[20]),
      period: isTrue(row[21]),
      inherited: isInherited(row),
      comment: row[22],
    }),
  })
}

const check = (row: ConstraintRow): CheckConstraint =>
  Object.freeze({
    name: row[5],
    expression: row[18] ?? '',
    validated: isTrue(row[13]),
    ...present({
      notEnforced: !isTrue(row[20]),
      noInherit: isTrue(row[14]),
      inherited: isInherited(row),
      comment: row[22],
    }),
  })

const exclusion = (row: ConstraintRow): ExclusionConstraint =>
  Object.freeze({
    name: row[5],
    definition: row[18] ?? '',
    ...present({ inherited: isInherited(row), comment: row[22] }),
  })

function indexOf(row: IndexRow, nameOf: NameOf): Index {
  const [, , , name, keys, keyCount, unique, nullsNotDistinct, method, where, definition, expressions, ...rest] = row
  const [isPartition, comment] = rest
  const columns = vectorItems(keys)
  const texts: string[] = expressions === null ? [] : JSON.parse(expressions)
  const entries = columns
    .slice(0, Number(keyCount))
    .map(column => Object.freeze(column === '0' ? { expression: texts.shift() ?? '' } : { column: nameOf(column) }))
  const include = columns.slice(Number(keyCount)).map(nameOf)
  return Object.freeze({
    name,
    keys: Object.freeze(entries),
    unique: isTrue(unique),
    method,
    definition: definition ?? '',
    ...present({
      include: include.length > 0 && Object.freeze(include),
      nullsNotDistinct: isTrue(nullsNotDistinct),
      where,
      inherited: isTrue(isPartition),
      comment,
    }),
  })
}

const trigger = ([, , name, routine, definition, state]: TriggerRow): Trigger =>
  Object.freeze({ name, function: routine, definition, enabled: enabled[state] })

const policy = ([, , name, command, permissive, roles, using, withCheck]: PolicyRow): Policy =>
  Object.freeze({
    name,
    command: commands[command],
    permissive: isTrue(permissive),
    roles: Object.freeze((JSON.parse(roles) as string[]).sort()),
    ...present({ using, check: withCheck }),
  })
