/**
 * Types: bare first, in the order they need one another; then what calls functions, once these are there.
 *
 * @module
 */
import { quoteLiteral, quoteName, sqlName } from '../../base-types.js'
import type { Catalog, DataType, NamedType } from '../../model.js'
import { qualified } from './name.js'
import { partsOf } from '../../type-parts.js'
import { inOrder } from '../order.js'

export function createTypes({ types }: Catalog): readonly string[] {
  return inOrder(
    types,
    type => type.id,
    type => partsOf(type.type).flatMap(namesIn),
  ).map(createType)
}

/** Defaults and checks of domains, which may call functions. */
export function completeDomains({ types }: Catalog): readonly string[] {
  return types
    .filter(({ type }) => type.kind === 'domain')
    .flatMap(({ type, default: value, checks = [] }) => {
      const alter = `ALTER DOMAIN ${qualified({ schema: type.schema as string, name: type.name })}`
      return [
        ...(value === undefined ? [] : [`${alter} SET DEFAULT ${value}`]),
        ...checks.map(
          check =>
            `${alter} ADD CONSTRAINT ${quoteName(check.name)} CHECK (${check.expression})${check.validated ? '' : ' NOT VALID'}`,
        ),
      ]
    })
}

function createType({ type, multirange }: NamedType): string {
  const name = qualified({ schema: type.schema as string, name: type.name })
  switch (type.kind) {
    case 'enum':
      return `CREATE TYPE ${name} AS ENUM (${type.labels.map(quoteLiteral).join(', ')})`
    case 'domain':
      return `CREATE DOMAIN ${name} AS ${declaredType(type.base)}${type.notNull ? ' NOT NULL' : ''}`
    case 'composite':
      return `CREATE TYPE ${name} AS (${type.fields.map(field => `${quoteName(field.name)} ${declaredType(field.type)}`).join(', ')})`
    case 'range':
    case 'multirange':
      return `CREATE TYPE ${name} AS RANGE (subtype = ${declaredType(type.subtype)}${multirange === undefined ? '' : `, multirange_type_name = ${quoteName(multirange)}`})`
  }
}

/** A type as a declaration writes it: with its modifier, and a domain as itself. */
function declaredType(type: DataType): string {
  switch (type.kind) {
    case 'array':
      return `${declaredType(type.element)}${'[]'.repeat(type.dimensions)}`
    case 'domain':
      return qualified(type)
    case 'base':
      return modified(sqlName(type), type.modifier)
    default:
      return sqlName(type)
  }
}

function modified(name: string, modifier: string | undefined): string {
  if (modifier === undefined) return name
  // The modifier of an interval may be a span of fields: `minute to second(2)`.
  return /^[\d,-]+$/.test(modifier) ? `${name.replace(/^"(bit|char)"$/, '$1')}(${modifier})` : `${name} ${modifier}`
}

/** Ids of the named types that a declaration of this type mentions. */
export function namesIn(type: DataType): readonly string[] {
  if (type.kind === 'array') return namesIn(type.element)
  return type.schema === undefined ? [] : [`${type.schema}.${type.name}`]
}
