/**
 * Functions, procedures and aggregates. Bodies are not checked while the script runs, so only signatures have an
 * order: those that mention a table's row type come after the tables.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, Routine } from '../../model.js'

/** Routines by when they can be made, aggregates after the functions they call. */
export function createRoutines(catalog: Catalog): {
  readonly beforeTables: readonly string[]
  readonly afterTables: readonly string[]
} {
  const routines = [...catalog.routines].sort((a, b) => Number(a.kind === 'aggregate') - Number(b.kind === 'aggregate'))
  const late = new Set(routines.filter(routine => mentionsTable(catalog, routine)))
  return {
    beforeTables: routines.filter(routine => !late.has(routine)).map(routine => routine.definition),
    afterTables: routines.filter(routine => late.has(routine)).map(routine => routine.definition),
  }
}

function mentionsTable({ tables }: Catalog, { definition }: Routine): boolean {
  // A body may follow in any of three forms; a signature that looks like one only makes the function late.
  const signature = definition.split(/\n\s*(?:AS |BEGIN ATOMIC|RETURN )/i, 1)[0] as string
  const standard = /\n\s*(?:BEGIN ATOMIC|RETURN )/i.test(definition)
  const text = standard ? definition : signature
  return tables.some(({ name }) => mentions(text, name) || mentions(text, quoteName(name)))
}

function mentions(text: string, name: string): boolean {
  const at = text.indexOf(name)
  if (at < 0) return false
  const around = `${text[at - 1] ?? ''}${text[at + name.length] ?? ''}`
  return !/[\w$]/.test(around) || mentions(text.slice(at + 1), name)
}
