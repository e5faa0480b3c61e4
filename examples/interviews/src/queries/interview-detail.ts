/**
 * One interview, with all that I may read of it.
 *
 * @module
 */
import { from, list, nest, type Out, param } from 'pillion'
import { tables } from '../db.js'
import { mine } from './mine.js'
import { applyPermissions } from './permissions.js'
import { mayRead } from './reading.js'

const { interview } = tables

/** The key of the interview. */
export const interviewId = param<number>('interviewId')

const shown = {
  id: interview.id,
  title: interview.title,
  candidate: interview.candidate,
  status: interview.status,
  scheduledAt: interview.scheduledAt,
  createdAt: interview.createdAt,
  position: { title: interview.position.title, team: interview.position.team.name },
  department: { id: interview.department.id, name: interview.department.name },
  lead: nest(interview.lead, user => ({ id: user.id, username: user.username, fullName: user.fullName })),
  mine: nest(mine, evaluation => ({
    rating: evaluation.rating,
    note: evaluation.note,
    createdAt: evaluation.createdAt,
  })),
  evaluations: list(
    interview.evaluations,
    evaluation => ({
      id: evaluation.id,
      by: { id: evaluation.user.id, username: evaluation.user.username, fullName: evaluation.user.fullName },
      rating: evaluation.rating,
      note: evaluation.note,
      createdAt: evaluation.createdAt,
    }),
    { where: mayRead, orderBy: evaluation => [evaluation.rating.desc(), evaluation.id.asc()] },
  ),
}

/** An interview with its evaluations, best first. */
export type ShownInterview = Out<typeof shown>

/** The interview of that key, if I may see it. */
export const interviewDetail = applyPermissions(from(interview).select(shown)).where(interview.id.eq(interviewId))
