/**
 * A data type as TypeScript source.
 *
 * @module
 */
import type { ArrayType, CompositeType, DataType, EnumType } from '../model.js'
import { baseCodec } from './scalar.js'

/** The name under which a file declares a type, if it does. */
export type NameOf = (type: Exclude<DataType, ArrayType>) => string | undefined

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
  return type.kind === 'array'
    ? `(${tsType(type.element, nameOf)} | null)${'[]'.repeat(type.dimensions)}`
    : (nameOf(type) ?? writtenOut(type, nameOf))
}

function writtenOut(type: Exclude<DataType, ArrayType>, nameOf: NameOf): string {
  switch (type.kind) {
    case 'base':
      return baseCodec(type).ts
    case 'enum':
      return enumUnion(type)
    case 'domain':
      return tsType(type.base, nameOf)
    case 'composite':
      return rowLiteral(type, nameOf)
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
