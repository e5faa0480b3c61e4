/**
 * The list of interviews.
 *
 * @module
 */
import { from, type Out, type Query } from 'pillion'
import { tables } from '../db.js'
import { mine } from './mine.js'
import { applyPermissions } from './permissions.js'
import { applySearch, type Search } from './search.js'

const { interview } = tables

const listed = {
  id: interview.id,
  title: interview.title,
  candidate: interview.candidate,
  status: interview.status,
  position: interview.position.title,
  team: interview.position.team.name,
  department: interview.department.name,
  lead: interview.lead.fullName,
  scheduledAt: interview.scheduledAt,
  createdAt: interview.createdAt,
  myRating: mine.rating,
}

/** A row of the list. */
export type ListedInterview = Out<typeof listed>

const list = applyPermissions(from(interview).select(listed))

/** The orders a list can have. A page adds the key, so that no two rows share a place. */
const orders = {
  rating: [mine.rating.desc({ nulls: 'last' })],
  created: [interview.createdAt.desc()],
  title: [interview.title.asc()],
} as const

export type SortName = keyof typeof orders
export const sortNames = Object.freeze(Object.keys(orders) as SortName[])

/** The interviews I may see, of those that I look for, with my rating where there is one. */
export function interviewList(search: Search, sort: SortName): Query<ListedInterview> {
  return applySearch(list, search).orderBy(...orders[sort])
}
