/**
 * The departments of the example: a tree of five levels, parents before what is below them.
 *
 * @module
 */
import { type Chance, chance } from './chance.js'
import type { Rows } from './rows.js'

const countries = {
  Europe: ['Germany', 'France', 'Poland', 'Portugal'],
  Americas: ['Canada', 'Brazil', 'Mexico'],
  'Asia and Pacific': ['Japan', 'India', 'Australia'],
} as const

const sections = {
  Engineering: ['Backend', 'Frontend', 'Mobile apps', 'Infrastructure'],
  Product: ['Design', 'Research', 'Analytics'],
  Sales: ['Partners', 'Key accounts', 'Sales support'],
  Operations: ['Purchasing', 'Logistics', 'Facilities'],
  People: ['Hiring', 'Training', 'Payroll'],
} as const

const groups = ['Planning', 'Tools', 'Quality'] as const

/** A department with those below it. */
interface Branch {
  readonly name: string
  readonly below: readonly Branch[]
}

/** Every department. The key of a row is its place in the list, from 1. */
export function departmentRows(): readonly Rows['department'][] {
  const rows: Rows['department'][] = []
  const plant = (branches: readonly Branch[], parentId: number | null): void => {
    for (const { name, below } of branches) plant(below, rows.push({ name, parentId }))
  }
  plant(regions(chance(20_260_102)), null)
  return rows
}

function regions(draw: Chance): readonly Branch[] {
  return Object.entries(countries).map(([name, within]) => branch(name, within, country => division(draw, country)))
}

function division(draw: Chance, name: string): Branch {
  return branch(name, Object.entries(sections), ([each, within]) =>
    branch(each, within, section => (draw.happens(0.3) ? branch(section, groups, leaf) : leaf(section))),
  )
}

const leaf = (name: string): Branch => ({ name, below: [] })

function branch<T>(name: string, within: readonly T[], below: (each: T) => Branch): Branch {
  return { name, below: within.map(below) }
}
