/**
 * Lists as text: added up as they are printed, which takes half the time of an array and its `join`.
 *
 * @module
 */
import type { Scope } from './scope.js'

/** Each item as `print` writes it, a separator between two. */
export function separated<T>(
  items: readonly T[],
  separator: string,
  print: (item: T, scope: Scope) => string,
  scope: Scope,
): string {
  let sql = ''
  for (let i = 0; i < items.length; i++) {
    if (i > 0) sql += separator
    sql += print(items[i] as T, scope)
  }
  return sql
}
