/**
 * Functions, procedures and aggregates. Bodies are not checked while the script runs, so only signatures have an
 * order, and bodies of SQL's own form, which are parsed: those that mention a table come among the tables,
 * those that mention a view among the views.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, Routine, Table } from '../../model.js'
import { inOrder } from '../order.js'
import { isView } from './is-view.js'
import type { Made } from './made.js'

/** Routines by when they can be made. */
export interface RoutinesByStage {
  readonly beforeTables: readonly Routine[]
  readonly amongTables: readonly Routine[]
  readonly amongViews: readonly Routine[]
}

/** Each stage in an order that it can be made in. */
export function routinesByStage({ tables, routines }: Catalog): RoutinesByStage {
  const views = tables.filter(isView)
  const others = tables.filter(table => !isView(table))
  const stages = new Map<string, number>()
  const ordered = inOrder(
    routines,
    routine => routine.id,
    routine => routinesNeeded(routine, routines),
  )
  for (const routine of ordered) {
    const own = mentioned(routine, views).length > 0 ? 2 : mentioned(routine, others).length > 0 ? 1 : 0
    stages.set(routine.id, Math.max(own, ...routinesNeeded(routine, routines).map(id => stages.get(id) ?? 0)))
  }
  const at = (stage: number) => ordered.filter(routine => stages.get(routine.id) === stage)
  return { beforeTables: at(0), amongTables: at(1), amongViews: at(2) }
}

/** A routine mentions its own name; an aggregate may be called as the function that it calls. */
function routinesNeeded(routine: Routine, routines: readonly Routine[]): readonly string[] {
  const isOther = ({ schema, name }: Routine): boolean => schema !== routine.schema || name !== routine.name
  return mentioned(routine, routine.kind === 'aggregate' ? routines : routines.filter(isOther))
}

export const createRoutine = ({ definition }: Routine): string => definition

/** A routine among tables or views. */
export function madeRoutine(routine: Routine, among: readonly Table[], routines: readonly Routine[]): Made {
  return {
    id: routine.id,
    needs: [...mentioned(routine, among), ...routinesNeeded(routine, routines)],
    statements: [createRoutine(routine)],
  }
}

/** Ids of those whose names are in SQL: of the routines that it calls, say. */
export function namedIn(sql: string, among: readonly Named[]): readonly string[] {
  return among.filter(each => mentions(sql, each)).map(({ id }) => id)
}

/** What has a name in SQL. */
type Named = Pick<Table | Routine, 'id' | 'schema' | 'name'>

/** Ids of those that the server looks for when it makes a routine. */
function mentioned({ definition }: Routine, among: readonly Named[]): readonly string[] {
  return namedIn(lookedInto(definition), among)
}

/** The signature; and the body, where it is one that is parsed. */
function lookedInto(definition: string): string {
  // A body may follow in any of three forms; a signature that looks like one only makes the function late.
  const isParsed = /\n\s*(?:BEGIN ATOMIC|RETURN )/i.test(definition)
  return isParsed ? definition : (definition.split(/\n\s*AS /i, 1)[0] as string)
}

/** Does SQL that the server printed mention this? Every name in it is qualified, and quoted where it has to be. */
function mentions(sql: string, { schema, name }: Named): boolean {
  const spellings = [schema, quoteName(schema)].flatMap(of => [`${of}.${name}`, `${of}.${quoteName(name)}`])
  return spellings.some(spelling => hasWord(sql, spelling))
}

function hasWord(text: string, word: string): boolean {
  const at = text.indexOf(word)
  if (at < 0) return false
  const around = `${text[at - 1] ?? ''}${text[at + word.length] ?? ''}`
  return !/[\w$]/.test(around) || hasWord(text.slice(at + 1), word)
}
