import type { DataType } from './model.js'

/** The types that a type is made of, but for the element of an array. */
export function partsOf(type: DataType): readonly DataType[] {
  switch (type.kind) {
    case 'domain':
      return [type.base]
    case 'composite':
      return type.fields.map(field => field.type)
    case 'range':
    case 'multirange':
      return [type.subtype]
    default:
      return []
  }
}
