/**
 * Which evaluations I may read.
 *
 * @module
 */
import { type Condition, exists, from, type Scope, some } from 'pillion'
import { type Evaluation, tables } from '../db.js'
import { me } from './me.js'

const { interview, membership } = tables

const myTeams = from(membership).select({ id: membership.teamId }).where(membership.userId.eq(me))

/** I may read what people of my teams wrote, which I am one of. */
export function mayRead<S extends Scope>(evaluation: Evaluation<never, S>): Condition<S | 'joined'> {
  return exists(evaluation.user.memberships, theirs => theirs.teamId.in(myTeams))
}

/**
 * The evaluation that makes an interview one of mine to see. Permissions say that I may read it, the search what it
 * must be like. Since both mention this one handle, it is one and the same evaluation: were it two, whoever searches
 * could find out what is in evaluations they may not read.
 */
export const readable = some(interview.evaluations)
