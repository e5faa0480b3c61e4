/**
 * Departments, with how much there is under each.
 *
 * @module
 */
import { alias, count, from, inner, list, not, type Out, param, relate } from 'pillion'
import { type Department, tables } from '../db.js'
import { departmentTree } from './department-tree.js'
import { maySee } from './permissions.js'

const { department, interview } = tables

/** The key of the department. */
export const departmentId = param<number>('departmentId')

/** The interviews under a department that I may see. */
function interviewsUnder(top: Department) {
  return count(
    relate(top, interview, each => departmentTree.under(each.departmentId, top.id)),
    maySee,
  )
}

const counted = (each: Department) => ({
  id: each.id,
  name: each.name,
  departments: departmentTree.descendantCount(each),
  interviews: interviewsUnder(each),
})

/** All that is above a department, from the root down. */
const above = list(
  departmentTree.over(department),
  link => {
    const at = inner(relate(link, alias(department), each => each.id.eq(link.ancestor)))
    return { id: at.id, name: at.name }
  },
  { where: link => link.distance.gt(0), orderBy: link => link.distance.desc() },
)

const listed = counted(department)

/** A department, and how much is under it. */
export type CountedDepartment = Out<typeof listed>

/** The departments that are below none, by name. */
export const rootDepartments = from(department)
  .select(listed)
  .where(departmentTree.isRoot(department))
  .orderBy(department.name.asc(), department.id.asc())

const shown = {
  ...listed,
  path: above,
  children: list(department.departments, counted, { orderBy: child => [child.name.asc(), child.id.asc()] }),
}

/** A department, what it is below, and what is below it. */
export type ShownDepartment = Out<typeof shown>

/** The department of that key. */
export const departmentDetail = from(department).select(shown).where(department.id.eq(departmentId))

const named = { id: department.id, name: department.name, parentId: department.parentId }

export type NamedDepartment = Out<typeof named>

/** All departments by name. */
export const allDepartments = from(department).select(named).orderBy(department.name.asc(), department.id.asc())

/** The department and all that are below it. */
export const departmentsUnder = allDepartments.where(departmentTree.under(department, departmentId))

/** Where a department may be moved: below any that is not below it. */
export const departmentsElsewhere = allDepartments.where(not(departmentTree.under(department, departmentId)))
