/**
 * Departments as a tree is read: each before what is below it.
 *
 * @module
 */
import type { NamedDepartment } from '../queries/departments.js'

export interface PlacedDepartment extends NamedDepartment {
  /** How far it is below its root. */
  readonly depth: number
}

/** Those beside each other keep their order. */
export function inTreeOrder(departments: readonly NamedDepartment[]): readonly PlacedDepartment[] {
  const placed = (top: number | null, depth: number): readonly PlacedDepartment[] =>
    departments
      .filter(({ parentId }) => parentId === top)
      .flatMap(each => [{ ...each, depth }, ...placed(each.id, depth + 1)])
  return placed(null, 0)
}

/** A line of a list in which nothing but text can be. */
export const indented = ({ name, depth }: PlacedDepartment) => `${'\u2003'.repeat(depth)}${name}`
