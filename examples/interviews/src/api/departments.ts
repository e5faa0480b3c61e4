/**
 * The answers about departments.
 *
 * @module
 */
import { type Database, type Query, withRetry } from 'pillion'
import { treeRefusal } from 'pillion/tree'
import type { DB } from '../db.js'
import type { Reading } from '../explanation.js'
import type { Orm } from '../orm/orm.js'
import {
  allDepartments,
  type CountedDepartment,
  departmentDetail,
  departmentId,
  departmentsUnder,
  rootDepartments,
  type ShownDepartment,
} from '../queries/departments.js'
import { me } from '../queries/me.js'
import type { MoveRequest, RootsRequest, ShowRequest } from './parameters.js'
import { badRequest, conflict, notFound, refuse } from './problem.js'

/** The departments that are below none. */
export interface Roots {
  readonly rows: readonly CountedDepartment[]
}

export function listRoots(db: Database<DB>, request: RootsRequest): Reading<Roots> {
  const query = rootDepartments.on(db)
  return { query, read: async () => ({ rows: await query.all(me.is(request.me)) }) }
}

/** One department, with its path and its children. */
export function showDepartment(db: Database<DB>, request: ShowRequest): Reading<ShownDepartment> {
  const query = departmentDetail.on(db)
  return { query, read: () => detailBy(query, request) }
}

/** Moves a department: the ORM writes, and pillion reads inside its transaction what has come of it. */
export function moveDepartment(db: Database<DB>, orm: Orm, request: MoveRequest): Reading<ShownDepartment> {
  const query = departmentDetail.on(db)
  const move = () =>
    orm.writes(async ({ target, moveDepartment }) => {
      await moveDepartment(request.id, request.parentId)
      return detailBy(query.on(target), request)
    })
  return {
    query,
    // two moves may get in each other's way, and the database ends one of them
    read: () => withRetry(move).catch(error => refuseFor(db, request, error)),
  }
}

async function detailBy(query: Query<ShownDepartment>, { id, me: who }: ShowRequest): Promise<ShownDepartment> {
  return (await query.first(departmentId.is(id), me.is(who))) ?? refuse(notFound(`There is no department ${id}.`))
}

/** The database has refused a move, and nothing is changed: why has it? */
async function refuseFor(db: Database<DB>, { id, parentId }: MoveRequest, error: unknown): Promise<never> {
  if (parentId === null) throw error
  const under = await departmentsUnder.on(db).all(departmentId.is(id))
  const top = under.find(each => each.id === id)
  if (top === undefined) throw error
  const wanted = under.find(each => each.id === parentId)
  if (wanted !== undefined)
    refuse(
      conflict(
        `${top.name} cannot be moved below ${wanted.id === id ? 'itself' : `${wanted.name}, which is below it`}.`,
      ),
    )
  // what was above it when the database looked is so no more
  if (treeRefusal(error)?.code === 'TREE_CYCLE')
    refuse(conflict('Somebody else was moving departments at the same time. Move it again.'))
  const there = await allDepartments.on(db).all()
  if (!there.some(each => each.id === parentId)) refuse(badRequest('parentId', `There is no department ${parentId}.`))
  throw error
}
