/**
 * From rows of pg_type to data types.
 *
 * @module
 */
import { groupBy } from '../group.js'
import type { CheckConstraint, DataType, NamedType } from '../model.js'
import { byText, named, present } from '../plain.js'
import { type CatalogueRows, type ColumnRow, type ConstraintRow, flag, type TypeRow } from './rows.js'

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
  /** Does the type itself refuse NULL? Of a domain, or of a domain that it is over. */
  refusesNull(oid: string): boolean
}

/** The types that a reflection's columns, fields and domains can be of. */
export function typesOf(rows: CatalogueRows): Types {
  const byOid = new Map(rows.part('type').map(row => [row[1], row]))
  const elements = new Map(rows.part('type').flatMap(row => (row[2] === '0' ? [] : [[row[2], row] as const])))
  const ranges = new Map(rows.part('type').flatMap(row => (row[3][0] === 'r' ? [[row[11], row] as const] : [])))
  const known = new Map<string, DataType>()

  const sqlTypeOf = ({ oid, sqlType }: TypeUse): string => {
    if (sqlType !== null) return sqlType
    const element = elements.get(oid)
    return element === undefined ? (byOid.get(oid)?.[6] ?? 'unknown') : `${element[6]}[]`
  }

  const typeOf = (use: TypeUse): DataType => {
    const key = `${use.oid} ${use.dimensions} ${use.sqlType ?? ''}`
    const before = known.get(key)
    if (before) return before
    const type = Object.freeze(build(use))
    known.set(key, type)
    return type
  }

  const build = ({ oid, sqlType, dimensions }: TypeUse): DataType => {
    const element = elements.get(oid)
    if (element !== undefined) {
      return {
        kind: 'array',
        element: typeOf({ oid: element[1], sqlType, dimensions: '0' }),
        dimensions: Math.max(1, Number(dimensions)),
      }
    }
    const row = byOid.get(oid)
    return row ? scalar(row, sqlType) : { kind: 'base', name: sqlType ?? 'unknown' }
  }

  const scalar = (row: TypeRow, sqlType: string | null): DataType => {
    const [, oid, , flags, schema, name, , of, baseSqlType, dimensions, , , labels] = row
    switch (flags[0]) {
      case 'e':
        return { kind: 'enum', name, schema, labels: Object.freeze(JSON.parse(labels ?? '[]') as string[]) }
      case 'd': {
        const base = typeOf({ oid: of ?? '0', sqlType: baseSqlType, dimensions })
        return { kind: 'domain', name, schema, base, notNull: flag(flags, 1) }
      }
      case 'c':
        return { kind: 'composite', name, schema, fields: Object.freeze(rows.columns(of ?? '0').map(field)) }
      case 'r':
        return { kind: 'range', name, schema, subtype: typeOf(plainUse(of)) }
      case 'm':
        return { kind: 'multirange', name, schema, subtype: typeOf(plainUse(ranges.get(oid)?.[7] ?? null)) }
      default: {
        const modifier = sqlType === null ? undefined : modifierOf(sqlType)
        return { kind: 'base', name, ...present({ schema: schema === 'pg_catalog' ? undefined : schema, modifier }) }
      }
    }
  }

  const field = ([, , , name, oid, sqlType, , dimensions]: ColumnRow) =>
    Object.freeze({ name, type: typeOf({ oid, sqlType, dimensions }) })

  const refusesNull = (oid: string): boolean => {
    const row = byOid.get(oid)
    return row !== undefined && row[3][0] === 'd' && (flag(row[3], 1) || refusesNull(row[7] ?? '0'))
  }

  return { typeOf, sqlTypeOf, refusesNull }
}

const plainUse = (oid: string | null): TypeUse => ({ oid: oid ?? '0', sqlType: null, dimensions: '0' })

/** `10,2` of `numeric(10,2)[]`; `minute to second(2)` of `interval minute to second(2)`. */
function modifierOf(sqlType: string): string | undefined {
  const interval = /^interval (\D.*?)(\[\])*$/.exec(sqlType)
  return interval ? interval[1] : /\(([^)]*)\)/.exec(sqlType)?.[1]
}

/** The types made by CREATE TYPE and CREATE DOMAIN in the schemas in view, in name order. */
export function namedTypes(rows: CatalogueRows, types: Types): readonly NamedType[] {
  const checks = groupBy(
    rows.part('constraint').filter(row => row[3] !== '0' && row[4][0] === 'c'),
    row => row[3],
  )
  const names = new Map(rows.part('type').map(row => [row[1], row[5]]))
  return rows
    .part('type')
    .filter(row => flag(row[3], 2))
    .map(row => {
      const [, oid, , , schema, name, , , , , defaultValue, multirange, , comment] = row
      const domainChecks = checks.get(oid)?.map(domainCheck)
      return Object.freeze({
        id: `${schema}.${name}`,
        type: types.typeOf(plainUse(oid)) as NamedType['type'],
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

const domainCheck = ([, , , , flags, name, , , , , , expression, , comment]: ConstraintRow): CheckConstraint =>
  Object.freeze({ name, expression: expression ?? '', validated: flag(flags, 6), ...present({ comment }) })
