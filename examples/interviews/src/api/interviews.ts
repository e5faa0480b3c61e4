/**
 * The answers of the API.
 *
 * @module
 */
import type { Database, Page } from 'pillion'
import type { DB } from '../db.js'
import type { Reading } from '../explanation.js'
import { interviewDetail, interviewId, type ShownInterview } from '../queries/interview-detail.js'
import { interviewList, type ListedInterview } from '../queries/interview-list.js'
import { me } from '../queries/me.js'
import type { ListRequest, ShowRequest } from './parameters.js'
import { notFound, refuse } from './problem.js'

/** A page of the list, and how many rows there are on all pages. */
export interface InterviewPage extends Page<ListedInterview> {
  readonly total: number
}

/** The list: page and total from one query. */
export function listInterviews(db: Database<DB>, request: ListRequest): Reading<InterviewPage> {
  const { search, sort, size, after, before } = request
  const query = interviewList(search, sort).on(db)
  return {
    query,
    async read() {
      const [page, total] = await Promise.all([
        query.page({ size, after, before }, me.is(request.me)),
        query.count(me.is(request.me)),
      ])
      return { ...page, total }
    },
  }
}

/** One interview. Who may not see it is told what they would be told were it not there. */
export function showInterview(db: Database<DB>, request: ShowRequest): Reading<ShownInterview> {
  const query = interviewDetail.on(db)
  return {
    query,
    read: async () =>
      (await query.first(interviewId.is(request.id), me.is(request.me))) ??
      refuse(notFound(`There is no interview ${request.id} that you may see.`)),
  }
}
