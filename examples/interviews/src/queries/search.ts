/**
 * What I look for.
 *
 * @module
 */
import { type Filterable, or } from 'pillion'
import { tables } from '../db.js'
import type { Status } from '../rows.js'
import { departmentTree } from './department-tree.js'
import { readable } from './reading.js'

const { interview } = tables

/** What may be looked for; what is absent does not matter. */
export interface Search {
  /** Part of the title or of the candidate's name. */
  readonly q?: string | undefined
  readonly status?: Status | undefined
  /** The least rating that somebody gave. */
  readonly minRating?: number | undefined
  /** A department: those of it, and of all that is below it. */
  readonly under?: number | undefined
}

/** Keeps what is looked for. */
export function applySearch<Q extends Filterable>(query: Q, { q, status, minRating, under }: Search): Q {
  let found = query
  if (q !== undefined) found = found.where(or(interview.title.ilike(within(q)), interview.candidate.ilike(within(q))))
  if (status !== undefined) found = found.where(interview.status.eq(status))
  if (minRating !== undefined) found = found.where(readable.rating.gte(minRating))
  if (under !== undefined) found = found.where(departmentTree.under(interview.departmentId, under))
  return found
}

/** A pattern for a text that has these words somewhere, whatever characters they are. */
function within(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, '\\$&')}%`
}
