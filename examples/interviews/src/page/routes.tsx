/**
 * The pages: the list, one interview, and what they are drawn with.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Database } from 'pillion'
import { listInterviews, showInterview } from '../api/interviews.js'
import { readListRequest, readShowRequest } from '../api/parameters.js'
import { notFound, type Problem, problemOf } from '../api/problem.js'
import type { DB } from '../db.js'
import { explained } from '../explanation.js'
import { people } from '../queries/people.js'
import { Detail } from './detail.js'
import { List } from './list.js'
import { Trouble } from './trouble.js'

/** Whom the page takes you for until you say who you are. */
const somebody = '7'

/** The pages over a database. `report` is told of what should not have happened. */
export function pageRoutes(db: Database<DB>, report: (error: unknown) => void): Hono {
  const pages = new Hono()

  pages.get('/', async context => {
    const request = readListRequest(parametersOf(context))
    const [page, everybody] = await Promise.all([explained(listInterviews(db, request)), people.on(db).all()])
    return show(context, <List {...{ request, page }} people={everybody} />)
  })

  pages.get('/interviews/:id', async context => {
    const request = readShowRequest(context.req.param('id'), parametersOf(context))
    return show(context, <Detail request={request} interview={await explained(showInterview(db, request))} />)
  })

  for (const [path, type] of [
    ['style.css', 'text/css'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    const content = readFileSync(new URL(`../../src/page/${path}`, import.meta.url), 'utf8')
    pages.get(`/${path}`, context => context.body(content, 200, { 'content-type': `${type}; charset=utf-8` }))
  }

  pages.all('*', context => trouble(context, notFound('There is no such page.')))

  pages.onError((error, context) => {
    const problem = problemOf(error, parametersOf(context))
    if (problem.status === 500) report(error)
    return trouble(context, problem)
  })
  return pages
}

function parametersOf(context: Context): URLSearchParams {
  const given = new URL(context.req.url).searchParams
  if (!given.get('me')) given.set('me', somebody)
  return given
}

function show(context: Context, page: Child, status: 200 | Problem['status'] = 200) {
  return context.html(html`<!doctype html>${page}`, status)
}

const trouble = (context: Context, problem: Problem) => show(context, <Trouble problem={problem} />, problem.status)
