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
  IndexKey,
  Names,
  Policy,
  Table,
  TableKind,
  Trigger,
  UniqueConstraint,
} from '../model.js'
import { keysOf } from '../names.js'
import type { NeverNull } from './nullability.js'
import { byText, isTrue, named, present } from '../plain.js'
import { arrayItems, vectorItems } from './read.js'
import {
  type CatalogueRows,
  type ColumnRow,
  type ConstraintRow,
  flag,
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
}

const kinds: Record<string, TableKind> = {
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

/** The tables and views of the rows, in order of schema and name; their keys are still their ids. */
export function tablesOf(rows: CatalogueRows, context: TableContext): readonly Table[] {
  const ids = new Map(rows.part('name').map(([, oid, schema, name]) => [oid, `${schema}.${name}`]))
  const idOf = (oid: string) => ids.get(oid) ?? oid
  const nameOf = (relation: string) => (column: string) => rows.column(relation, column)?.[3] ?? column
  const constraints = groupBy(rows.part('constraint'), row => row[2])
  const constraintRelation = new Map(rows.part('constraint').map(row => [row[1], row[2]]))
  const indexes = groupBy(rows.part('index'), row => row[2])
  const triggers = groupBy(rows.part('trigger'), row => row[1])
  const policies = groupBy(rows.part('policy'), row => row[1])
  const parents = groupBy(rows.part('parent'), row => row[1])
  const children = groupBy(rows.part('parent'), row => row[3])

  // A key to a partitioned table is listed once more for each of its partitions: those say nothing new.
  const isCopy = (row: ConstraintRow) => row[9] !== '0' && constraintRelation.get(row[9]) === row[2]

  const table = (row: RelationRow): Table => {
    const [, oid, schema, name, flags, bounds, partitionKey, definition, options, server, comment] = row
    const kind = kinds[flags.charAt(0)] ?? 'table'
    const isPartition = flag(flags, 4)
    const ownIndexes = indexes.get(oid) ?? []
    const ofKind = groupBy(constraints.get(oid) ?? [], constraint => constraint[4].charAt(0))
    const made = new Map(ownIndexes.map(index => [index[1], index]))
    const unique = (constraint: ConstraintRow) => uniqueConstraint(constraint, made.get(constraint[10]), nameOf(oid))
    const ownParents = [...(parents.get(oid) ?? [])].sort((a, b) => Number(a[2]) - Number(b[2]))
    const childIds = kind === 'partitioned table' ? [] : (children.get(oid) ?? []).map(child => idOf(child[1]))
    const parentIds = ownParents.map(parent => `${parent[4]}.${parent[5]}`)
    return Object.freeze({
      id: `${schema}.${name}`,
      schema,
      name,
      key: `${schema}.${name}`,
      kind,
      columns: Object.freeze(columnsOf(rows.columns(oid), kind, context)),
      ...present({ primaryKey: ofKind.get('p')?.map(unique)[0] }),
      uniques: named((ofKind.get('u') ?? []).map(unique)),
      foreignKeys: named(
        (ofKind.get('f') ?? [])
          .filter(constraint => !isCopy(constraint))
          .map(constraint => foreignKey(constraint, idOf(constraint[7]), nameOf(oid), nameOf(constraint[7]))),
      ),
      checks: named((ofKind.get('c') ?? []).map(check)),
      exclusions: named((ofKind.get('x') ?? []).map(exclusion)),
      indexes: named(ownIndexes.filter(index => index[8] !== null).map(index => indexOf(index, nameOf(oid)))),
      triggers: named((triggers.get(oid) ?? []).map(trigger)),
      policies: named((policies.get(oid) ?? []).map(policy)),
      relations: none,
      ...present({
        rowSecurity: flag(flags, 3) ? ('forced' as const) : flag(flags, 2) && ('enabled' as const),
        comment,
        inherits: !isPartition && parentIds.length > 0 && Object.freeze(parentIds),
        inheritedBy: childIds.length > 0 && Object.freeze(childIds.sort(byText)),
        partitionKey,
        partitionOf: isPartition && Object.freeze({ table: parentIds[0] ?? '', bounds: bounds ?? '' }),
        definition: definition?.replace(/;$/, '').trim(),
        options,
        dependsOn: definition !== null && context.dependencies(oid),
        server,
        unlogged: flags[1] === 'u',
      }),
    })
  }

  return Object.freeze(
    rows
      .part('relation')
      .map(table)
      .sort((a, b) => byText(a.schema, b.schema) || byText(a.name, b.name)),
  )
}

const none = Object.freeze([])

function columnsOf(rows: readonly ColumnRow[], kind: TableKind, { types, neverNull, names }: TableContext) {
  const keys = keysOf(
    rows.map(row => row[3]),
    names,
  )
  const isView = kind === 'view' || kind === 'materialized view'
  return rows.map((row, at): Column => {
    const [, relation, number, name, oid, sqlType, flags, dimensions, expression, collation, comment] = row
    const use = { oid, sqlType, dimensions }
    const identity = flags[2] !== ' '
    const generated = flags[3] !== ' '
    return Object.freeze({
      name,
      key: keys[at] ?? name,
      position: at + 1,
      type: types.typeOf(use),
      sqlType: types.sqlTypeOf(use),
      nullable: !neverNull(relation, number),
      ...present({
        default: !generated && !identity && expression,
        generated: generated && generation(flags.charAt(3), expression),
        identity: identity && (flags[2] === 'a' ? ('always' as const) : ('by default' as const)),
        collation,
        comment,
        inherited: !isView && !flag(flags, 1),
      }),
    })
  })
}

const generation = (letter: string, expression: string | null) =>
  Object.freeze({ kind: letter === 's' ? ('stored' as const) : ('virtual' as const), expression: expression ?? '' })

type NameOf = (column: string) => string

const namesOf = (columns: string | null, nameOf: NameOf): readonly string[] =>
  Object.freeze(arrayItems(columns).map(nameOf))

const isInherited = (row: ConstraintRow): boolean => row[9] !== '0' || !flag(row[4], 8)

const deferral = (flags: string) => flag(flags, 4) && (flag(flags, 5) ? ('deferred' as const) : ('immediate' as const))

function uniqueConstraint(row: ConstraintRow, index: IndexRow | undefined, nameOf: NameOf): UniqueConstraint {
  const [, , , , flags, name, columns] = row
  const include = index && vectorItems(index[4]).slice(Number(index[5])).map(nameOf)
  return Object.freeze({
    name,
    columns: namesOf(columns, nameOf),
    ...present({
      include: include?.length ? Object.freeze(include) : null,
      nullsNotDistinct: index && flag(index[6], 1),
      deferrable: deferral(flags),
      withoutOverlaps: flag(flags, 10),
      invalid: index && !flag(index[6], 3),
      inherited: isInherited(row),
      comment: row[13],
    }),
  })
}

function foreignKey(row: ConstraintRow, target: string, nameHere: NameOf, nameThere: NameOf): ForeignKey {
  const [, , , , flags, name, columns, , targetColumns, , , , onDeleteColumns, comment] = row
  return Object.freeze({
    name,
    columns: namesOf(columns, nameHere),
    target,
    targetColumns: namesOf(targetColumns, nameThere),
    onUpdate: actions[flags.charAt(1)] ?? 'no action',
    onDelete: actions[flags.charAt(2)] ?? 'no action',
    validated: flag(flags, 6),
    ...present({
      onDeleteColumns: onDeleteColumns !== null && namesOf(onDeleteColumns, nameHere),
      match: flags[3] === 'f' && ('full' as const),
      deferrable: deferral(flags),
      notEnforced: !flag(flags, 9),
      period: flag(flags, 10),
      inherited: isInherited(row),
      comment,
    }),
  })
}

const check = (row: ConstraintRow): CheckConstraint =>
  Object.freeze({
    name: row[5],
    expression: row[11] ?? '',
    validated: flag(row[4], 6),
    ...present({
      notEnforced: !flag(row[4], 9),
      noInherit: flag(row[4], 7),
      inherited: isInherited(row),
      comment: row[13],
    }),
  })

const exclusion = (row: ConstraintRow): ExclusionConstraint =>
  Object.freeze({
    name: row[5],
    definition: row[11] ?? '',
    ...present({ inherited: isInherited(row), comment: row[13] }),
  })

function indexOf(row: IndexRow, nameOf: NameOf): Index {
  const [, , , name, keys, keyCount, flags, method, definition, where, expressions, comment, otherwise] = row
  const columns = vectorItems(keys)
  const texts: string[] = expressions === null ? [] : JSON.parse(expressions)
  const others: Readonly<Record<string, string>> = otherwise === null ? {} : JSON.parse(otherwise)
  const keyAt = (column: string, at: number): IndexKey => {
    const expression = column === '0' ? (texts.shift() ?? '') : others[at + 1]
    return Object.freeze(expression === undefined ? { column: nameOf(column) } : { expression })
  }
  const entries = columns.slice(0, Number(keyCount)).map(keyAt)
  const include = columns.slice(Number(keyCount)).map(nameOf)
  return Object.freeze({
    name,
    keys: Object.freeze(entries),
    unique: flag(flags, 0),
    method,
    definition: definition ?? '',
    ...present({
      include: include.length > 0 && Object.freeze(include),
      nullsNotDistinct: flag(flags, 1),
      where,
      invalid: !flag(flags, 3),
      inherited: flag(flags, 2),
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
