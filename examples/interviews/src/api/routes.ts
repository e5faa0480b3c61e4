/**
 * `GET /api/interviews`, `/api/departments`, one of each by its key, and `PATCH /api/departments/:id`, which moves it.
 *
 * @module
 */
import { type Context, Hono } from 'hono'
import type { Database } from 'pillion'
import type { DB } from '../db.js'
import { explained, type Reading } from '../explanation.js'
import type { Orm } from '../orm/orm.js'
import { listRoots, moveDepartment, showDepartment } from './departments.js'
import { listInterviews, showInterview } from './interviews.js'
import { readListRequest, readMoveRequest, readRootsRequest, readShowRequest } from './parameters.js'
import { methodNotAllowed, notFound, type Problem, problemOf } from './problem.js'

/** The API over a database, where an ORM writes. `report` is told of what should not have happened. */
export function apiRoutes(db: Database<DB>, orm: Orm, report: (error: unknown) => void): Hono {
  const api = new Hono()

  api.get('/interviews', context => {
    const request = readListRequest(parametersOf(context))
    return told(context, request, listInterviews(db, request))
  })

  api.get('/interviews/:id', context => {
    const request = readShowRequest(context.req.param('id'), parametersOf(context))
    return told(context, request, showInterview(db, request))
  })

  api.get('/departments', context => {
    const request = readRootsRequest(parametersOf(context))
    return told(context, request, listRoots(db, request))
  })

  api.get('/departments/:id', context => {
    const request = readShowRequest(context.req.param('id'), parametersOf(context))
    return told(context, request, showDepartment(db, request))
  })

  api.patch('/departments/:id', async context => {
    const request = readMoveRequest(context.req.param('id'), parametersOf(context), await context.req.text())
    return told(context, request, moveDepartment(db, orm, request))
  })

  for (const [path, methods] of resources) {
    api.all(path, context => answer(context, methodNotAllowed(methods), { allow: methods }))
  }
  api.all('*', context => answer(context, notFound('There is no such resource.')))

  api.onError((error, context) => {
    const problem = problemOf(error, parametersOf(context))
    if (problem.status === 500) report(error)
    return answer(context, problem)
  })
  return api
}

/** What there is, and by which methods; Hono answers HEAD as it answers GET. */
const resources = [
  ['/interviews', 'GET, HEAD'],
  ['/interviews/:id', 'GET, HEAD'],
  ['/departments', 'GET, HEAD'],
  ['/departments/:id', 'GET, HEAD, PATCH'],
] as const

async function told<T extends object>(
  context: Context,
  { explain }: { readonly explain: boolean },
  reading: Reading<T>,
): Promise<Response> {
  return context.json(explain ? await explained(reading) : await reading.read())
}

const parametersOf = (context: Context) => new URL(context.req.url).searchParams

function answer(context: Context, problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return context.body(JSON.stringify(problem), problem.status, {
    'content-type': 'application/problem+json',
    ...headers,
  })
}
