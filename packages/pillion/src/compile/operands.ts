/**
 * Operands of a function, as the dialects write them that have no functions of PostgreSQL's.
 *
 * @module
 */
import { isWhole } from '../schema/base-types.js'
import type { Operands } from './dialect.js'

/** Each as text. */
export function all(of: Operands): readonly string[] {
  return Array.from({ length: of.count }, (_, i) => of.sql(i))
}

/** Rounded by a function of that name. A whole number is so already, and would lose its last digits where the function gives a double. */
export function rounded(name: string, of: Operands): string {
  return isWhole(of.type(0)) ? of.sql(0) : `${name}(${of.sql(0)})`
}

/** For the greatest or least of several, which is NULL there where one of them is: each stands for the next that is not. */
export function present(of: Operands): string {
  const operands = all(of)
  if (operands.length === 1) return `${operands[0]}, ${operands[0]}`
  return operands.map((_, i) => `COALESCE(${[...operands.slice(i), ...operands.slice(0, i)].join(', ')})`).join(', ')
}
