/**
 * Where pages lead to.
 *
 * @module
 */
import type { ListRequest } from '../api/parameters.js'

/** The page of a list. */
export const listOf = (request: ListRequest) => `/?${listParameters(request)}`

/** The page of one interview. */
export const detailOf = (id: number, me: number) => `/interviews/${id}?me=${me}`

/** What the API answers instead of the page of a list. */
export const apiOf = (request: ListRequest) => `/api/interviews?${listParameters(request)}&explain=1`

/** What the API answers instead of the page of one interview. */
export const apiOfDetail = (id: number, me: number) => `/api/interviews/${id}?me=${me}&explain=1`

/** The list of interviews under a department. */
export const interviewsUnder = (id: number, me: number) => `/?me=${me}&under=${id}`

/** The page of the departments that are below none. */
export const departmentsOf = (me: number) => `/departments?me=${me}`

/** The page of one department. */
export const departmentOf = (id: number, me: number) => `/departments/${id}?me=${me}`

/** What the API answers instead of a page of departments. */
export const apiOfDepartments = (me: number) => `/api/departments?me=${me}&explain=1`

/** What the API answers instead of the page of one department. */
export const apiOfDepartment = (id: number, me: number) => `/api/departments/${id}?me=${me}&explain=1`

function listParameters({ me, search, sort, size, after, before }: ListRequest): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries({ me, ...search, sort, size, after, before }))
    if (value !== undefined) parameters.set(name, String(value))
  return parameters.toString()
}
