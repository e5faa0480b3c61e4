/**
 * The pages: the list, one interview, the departments, and what they are drawn with.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { type Context, Hono } from 'hono'
import { csrf } from 'hono/csrf'
import { html } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Database } from 'pillion'
import { listRoots, moveDepartment, showDepartment } from '../api/departments.js'
import { listInterviews, showInterview } from '../api/interviews.js'
import {
  readListRequest,
  readMoveForm,
  readRootsRequest,
  readShowRequest,
  type ShowRequest,
} from '../api/parameters.js'
import { notFound, type Problem, problemOf } from '../api/problem.js'
import type { DB } from '../db.js'
import { explained } from '../explanation.js'
import type { Orm } from '../orm/orm.js'
import { allDepartments, departmentId, departmentsElsewhere } from '../queries/departments.js'
import { people } from '../queries/people.js'
import { DepartmentPage, DepartmentsPage } from './departments.js'
import { Detail } from './detail.js'
import { departmentOf } from './links.js'
import { List } from './list.js'
import { Trouble } from './trouble.js'

/** Whom the page takes you for until you say who you are. */
const somebody = '7'

/** The pages over a database, where an ORM writes. `report` is told of what should not have happened. */
export function pageRoutes(db: Database<DB>, orm: Orm, report: (error: unknown) => void): Hono {
  const pages = new Hono()
  // No other site's form moves a department.
  pages.use(csrf())

  pages.get('/', async context => {
    const request = readListRequest(parametersOf(context))
    const [page, everybody, departments] = await Promise.all([
      explained(listInterviews(db, request)),
      people.on(db).all(),
      allDepartments.on(db).all(),
    ])
    return show(context, <List {...{ request, page, departments }} people={everybody} />)
  })

  pages.get('/interviews/:id', async context => {
    const request = readShowRequest(context.req.param('id'), parametersOf(context))
    return show(context, <Detail request={request} interview={await explained(showInterview(db, request))} />)
  })

  pages.get('/departments', async context => {
    const request = readRootsRequest(parametersOf(context))
    return show(context, <DepartmentsPage request={request} roots={await explained(listRoots(db, request))} />)
  })

  pages.get('/departments/:id', context =>
    showOne(context, readShowRequest(context.req.param('id'), parametersOf(context))),
  )

  pages.post('/departments/:id', async context => {
    const request = readMoveForm(context.req.param('id'), parametersOf(context), await context.req.text())
    try {
      await moveDepartment(db, orm, request).read()
    } catch (error) {
      const problem = problemOf(error, parametersOf(context))
      if (problem.status !== 409) throw error
      return showOne(context, request, problem)
    }
    return context.redirect(departmentOf(request.id, request.me), 303)
  })

  async function showOne(context: Context, request: ShowRequest, problem?: Problem) {
    const [department, elsewhere] = await Promise.all([
      explained(showDepartment(db, request)),
      departmentsElsewhere.on(db).all(departmentId.is(request.id)),
    ])
    return show(context, <DepartmentPage {...{ request, department, elsewhere, problem }} />, problem?.status)
  }

  for (const [path, type] of [
    ['style.css', 'text/css'],
    ['icon.svg', 'image/svg+xml'],
  ] as const) {
    const content = readFileSync(new URL(`../../src/page/${path}`, import.meta.url), 'utf8')
    pages.get(`/${path}`, context => context.body(content, 200, { 'content-type': `${type}; charset=utf-8` }))
  }

  pages.all('*', context => trouble(context, notFound('There is no such page.')))

  pages.onError((error, context) => {
    if ('getResponse' in error) return error.getResponse()
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
