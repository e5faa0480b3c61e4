/**
 * A data type as TypeScript source.
 *
 * @module
 */
import type { CompositeType, DataType, EnumType } from '../model.js'
import { scalars, unknownScalar } from './scalar.js'

/** The name under which a file declares a type, if it does. */
export type NameOf = (type: EnumType | CompositeType) => string | undefined

const anonymous: NameOf = () => undefined

/**
 * The TypeScript of a type, written out, or by name where `nameOf` gives one.
 *
 * @example
 * ```ts
 * tsType(arrayOf(int4))     // (number | null)[]
 * ```
 */
export function tsType(type: DataType, nameOf: NameOf = anonymous): string {
  switch (type.kind) {
    case 'base':
      return (
        ((type.schema ?? 'pg_catalog') === 'pg_catalog' ? scalars.get(type.name) : undefined)?.ts ?? unknownScalar.ts
      )
    case 'enum':
      return nameOf(type) ?? enumUnion(type)
    case 'domain':
      return tsType(type.base, nameOf)
    case 'array':
      return `(${tsType(type.element, nameOf)} | null)${'[]'.repeat(type.dimensions)}`
    case 'composite':
      return nameOf(type) ?? rowLiteral(type, nameOf)
    case 'range':
      return `p.Range<${tsType(type.subtype, nameOf)}>`
    case 'multirange':
      return `p.Range<${tsType(type.subtype, nameOf)}>[]`
  }
}

/** `'sad' | 'ok'`. */
export function enumUnion(type: EnumType): string {
  return type.labels.map(stringLiteral).join(' | ') || 'never'
}

/** `{ x: number | null; y: string | null }`. */
export function rowLiteral(type: CompositeType, nameOf: NameOf): string {
  const fields = type.fields.map(field => `${propertyName(field.name)}: ${tsType(field.type, nameOf)} | null`)
  return fields.length === 0 ? 'Record<never, never>' : `{ ${fields.join('; ')} }`
}

/** A property as it stands in an interface: quoted unless it is a plain word. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : stringLiteral(name)
}

/** A string as a single-quoted TypeScript literal. */
export function stringLiteral(value: string): string {
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
