/**
 * From rows of pg_type to data types.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { CheckConstraint, DataType, NamedType } from '../model.js'
import { byText, isTrue, named, present } from './plain.js'
import { type CatalogueRows, type ColumnRow, type ConstraintRow, type TypeRow } from './rows.js'

/** A type of the catalogue at one use of it. */
export interface TypeUse {
  readonly oid: string
  /** As `format_type` prints it, where the use has a modifier. */
  readonly sqlType: string | null
  /** Declared dimensions, where the type is an array. */
  readonly dimensions: string
}

/** Gives data types; the same use always gives the same object. */
export interface Types {
  typeOf(use: TypeUse): DataType
  sqlTypeOf(use: TypeUse): string
}

/** The types that a reflection's columns, fields and domains can be of. */
export function typesOf(rows: CatalogueRows): Types {
  const byOid = new Map(rows('type').map(row => [row[1], row]))
  const elements = new Map(rows('type').map(row => [row[2], row[1]]))
  const fields = groupBy(rows('column'), row => row[1])
  const known = new Map<string, DataType>()

  const sqlTypeOf = ({ oid, sqlType }: TypeUse): string => {
    if (sqlType !== null) return sqlType
    const element = elements.get(oid)
    return element === undefined ? (byOid.get(oid)?.[6] ?? 'unknown') : `${byOid.get(element)?.[6]}[]`
  }

  const typeOf = (use: TypeUse): DataType => {
    const modifier = use.sqlType === null ? undefined : modifierOf(use.sqlType)
    const key = `${use.oid}|${use.dimensions}|${modifier ?? ''}`
    const before = known.get(key)
    if (before) return before
    const type = Object.freeze(build(use, modifier))
    known.set(key, type)
    return type
  }

  const build = (use: TypeUse, modifier: string | undefined): DataType => {
    const element = elements.get(use.oid)
    if (element !== undefined && use.oid !== '0') {
      return {
        kind: 'array',
        element: typeOf({ oid: element, sqlType: use.sqlType, dimensions: '0' }),
        dimensions: Math.max(1, Number(use.dimensions)),
      }
    }
    const row = byOid.get(use.oid)
    return row ? scalar(row, modifier) : { kind: 'base', name: use.sqlType ?? 'unknown' }
  }

  const scalar = (row: TypeRow, modifier: string | undefined): DataType => {
    const [, , , kind, schema, name, , relation, notNull, base, baseSqlType, dimensions, , subtype, , labels] = row
    switch (kind) {
      case 'e':
        return { kind: 'enum', name, schema, labels: Object.freeze(JSON.parse(labels ?? '[]') as string[]) }
      case 'd':
        return {
          kind: 'domain',
          name,
          schema,
          base: typeOf({ oid: base, sqlType: baseSqlType, dimensions }),
          notNull: isTrue(notNull),
        }
      case 'c':
        return { kind: 'composite', name, schema, fields: Object.freeze(fieldsOf(fields.get(relation) ?? [])) }
      case 'r':
        return { kind: 'range', name, schema, subtype: typeOf(plainUse(subtype)) }
      case 'm':
        return { kind: 'multirange', name, schema, subtype: typeOf(plainUse(subtypes.get(row[1]) ?? null)) }
      case 'b':
        return { kind: 'base', name, ...present({ schema: schema === 'pg_catalog' ? undefined : schema, modifier }) }
    }
  }

  const subtypes = new Map(rows('type').flatMap(row => (row[3] === 'r' ? [[row[14] ?? '0', row[13]] as const] : [])))

  const fieldsOf = (columns: readonly ColumnRow[]) =>
    [...columns]
      .sort((a, b) => Number(a[2]) - Number(b[2]))
      .map(([, , , name, oid, sqlType, , dimensions]) =>
        Object.freeze({ name, type: typeOf({ oid, sqlType, dimensions }) }),
      )

  return { typeOf, sqlTypeOf }
}

const plainUse = (oid: string | null): TypeUse => ({ oid: oid ?? '0', sqlType: null, dimensions: '0' })

/** `10,2` of `numeric(10,2)[]`; `minute to second(2)` of `interval minute to second(2)`. */
function modifierOf(sqlType: string): string | undefined {
  const interval = /^interval (\D.*?)(\[\])*$/.exec(sqlType)
  return interval ? interval[1] : /\(([^)]*)\)/.exec(sqlType)?.[1]
}

/** Does the type itself refuse NULL? Of a domain, or of a domain that it is over. */
export function refusesNull(type: DataType): boolean {
  return type.kind === 'domain' && (type.notNull || refusesNull(type.base))
}

/** The types made by CREATE TYPE and CREATE DOMAIN in the schemas in view, in name order. */
export function namedTypes(rows: CatalogueRows, types: Types): readonly NamedType[] {
  const checks = groupBy(
    rows('constraint').filter(row => row[3] !== '0' && row[4] === 'c'),
    row => row[3],
  )
  const names = new Map(rows('type').map(row => [row[1], row[5]]))
  return rows('type')
    .filter(row => isTrue(row[16]))
    .map(row => {
      const [, oid, , , schema, name, , , , , , , defaultValue, , multirange, , , comment] = row
      const domainChecks = checks.get(oid)?.map(domainCheck)
      return Object.freeze({
        id: `${schema}.${name}`,
        type: types.typeOf({ oid, sqlType: null, dimensions: '0' }) as NamedType['type'],
        ...present({
          default: defaultValue,
          checks: domainChecks && named(domainChecks),
          multirange: multirange === null ? null : names.get(multirange),
          comment,
        }),
      })
    })
    .sort((a, b) => byText(a.id, b.id))
}

const domainCheck = (row: ConstraintRow): CheckConstraint =>
  Object.freeze({
    name: row[5],
    expression: row[18] ?? '',
    validated: isTrue(row[13]),
    ...present({ comment: row[22] }),
  })
