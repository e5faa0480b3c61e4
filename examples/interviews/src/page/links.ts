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

function listParameters({ me, search, sort, size, after, before }: ListRequest): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries({ me, ...search, sort, size, after, before }))
    if (value !== undefined) parameters.set(name, String(value))
  return parameters.toString()
}
