/**
 * What stands behind EXISTS or IN.
 *
 * @module
 */
import type { Printing } from './scope.js'

/** Prints it, and notes whether it joins left. */
export function sought(out: Printing, write: () => string): string {
  const before = out.leftJoins
  const sql = write()
  if (out.leftJoins > before) out.traits.add('a left join inside a semi-join')
  return sql
}
