/**
 * `GET /api/interviews` and `GET /api/interviews/:id`.
 *
 * @module
 */
import { type Context, Hono } from 'hono'
import type { Database } from 'pillion'
import type { DB } from '../db.js'
import { explained } from '../explanation.js'
import { listInterviews, showInterview } from './interviews.js'
import { readListRequest, readShowRequest } from './parameters.js'
import { notFound, type Problem, problemOf } from './problem.js'

/** The API over a database. `report` is told of what should not have happened. */
export function apiRoutes(db: Database<DB>, report: (error: unknown) => void): Hono {
  const api = new Hono()

  api.get('/interviews', async context => {
    const request = readListRequest(parametersOf(context))
    const reading = listInterviews(db, request)
    return context.json(request.explain ? await explained(reading) : await reading.read())
  })

  api.get('/interviews/:id', async context => {
    const request = readShowRequest(context.req.param('id'), parametersOf(context))
    const reading = showInterview(db, request)
    return context.json(request.explain ? await explained(reading) : await reading.read())
  })

  api.all('*', context => answer(context, notFound('There is no such resource.')))

  api.onError((error, context) => {
    const problem = problemOf(error, parametersOf(context))
    if (problem.status === 500) report(error)
    return answer(context, problem)
  })
  return api
}

const parametersOf = (context: Context) => new URL(context.req.url).searchParams

function answer(context: Context, problem: Problem): Response {
  return context.body(JSON.stringify(problem), problem.status, { 'content-type': 'application/problem+json' })
}
