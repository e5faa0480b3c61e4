import { quoteName } from '../../base-types.js'

/** `"schema"."name"`. */
export function qualified({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}

/** `("a", "b")`. */
export function columnList(columns: readonly string[]): string {
  return `(${columns.map(quoteName).join(', ')})`
}
