/**
 * Overrides as somebody wrote them, checked: by a wrong one something else would be reflected, and nothing told.
 *
 * @module
 */
import type { Overrides } from 'pillion/schema'
import { UsageError } from './failure.js'
import { arrayOf, check, type Kind, object, objectOf, oneOf, text } from './kind.js'

const kinds: ReadonlyMap<string, Kind> = new Map<keyof Overrides, Kind>([
  ['relations', objectOf(object, 'objects')],
  ['virtual', arrayOf(object, 'objects')],
  ['nullability', objectOf(oneOf('null', 'not null'), 'null and not null, as text')],
  ['types', objectOf(text, 'text')],
  ['include', arrayOf(text, 'text')],
  ['exclude', arrayOf(text, 'text')],
  ['excludeColumns', arrayOf(text, 'text')],
])

/** Exit code 2 for what can be none. */
export function checkedOverrides(value: unknown, where: string): Overrides {
  if (!object.holds(value)) throw UsageError(`overrides in ${where} is to be ${object.told}`)
  check(value as object, kinds, where)
  return value as Overrides
}
