/**
 * What the query string of a request says.
 *
 * @module
 */
import type { Search } from '../queries/search.js'
import { type SortName, sortNames } from '../queries/interview-list.js'
import { statuses } from '../rows.js'
import { badRequest, refuse } from './problem.js'

/** What a list is asked for. */
export interface ListRequest {
  readonly me: number
  readonly search: Search
  readonly sort: SortName
  readonly size: number
  readonly after: string | undefined
  readonly before: string | undefined
  readonly explain: boolean
}

/** What one interview is asked for. */
export interface ShowRequest {
  readonly id: number
  readonly me: number
  readonly explain: boolean
}

/** What departments are asked for by someone; of one with its key. */
export interface RootsRequest {
  readonly me: number
  readonly explain: boolean
}

/** Where a department is to be moved: below another, or below none. */
export interface MoveRequest extends ShowRequest {
  readonly parentId: number | null
}

/** The largest number a key can have. */
const largestKey = 2 ** 31 - 1
const largestSize = 100

/** Refuses what it does not know, so that no misspelt filter goes unnoticed. */
export function readListRequest(given: URLSearchParams): ListRequest {
  onlyKnown(given, ['me', 'q', 'status', 'minRating', 'under', 'sort', 'size', 'after', 'before', 'explain'])
  if (given.get('after') && given.get('before')) refuse(badRequest('before', 'A page is after a cursor or before one.'))
  return {
    me: required(given, 'me', readKey),
    search: {
      q: optional(given, 'q', readWords),
      status: optional(given, 'status', oneOf(statuses)),
      minRating: optional(given, 'minRating', within(1, 10)),
      under: optional(given, 'under', readKey),
    },
    sort: optional(given, 'sort', oneOf(sortNames)) ?? 'rating',
    size: optional(given, 'size', within(1, largestSize)) ?? 20,
    after: optional(given, 'after', asItIs),
    before: optional(given, 'before', asItIs),
    explain: optional(given, 'explain', oneOf(['1'])) !== undefined,
  }
}

/** Reads the path's id and the query string of one interview, or of one department. */
export function readShowRequest(id: string, given: URLSearchParams): ShowRequest {
  onlyKnown(given, ['me', 'explain'])
  return {
    id: readKey(id, 'id'),
    me: required(given, 'me', readKey),
    explain: optional(given, 'explain', oneOf(['1'])) !== undefined,
  }
}

/** Reads the query string of the departments that are below none. */
export function readRootsRequest(given: URLSearchParams): RootsRequest {
  onlyKnown(given, ['me', 'explain'])
  return {
    me: required(given, 'me', readKey),
    explain: optional(given, 'explain', oneOf(['1'])) !== undefined,
  }
}

/** Reads the path's id, the query string, and a body of JSON: `{"parentId":5}`, or null for below none. */
export function readMoveRequest(id: string, given: URLSearchParams, body: string): MoveRequest {
  return { ...readShowRequest(id, given), parentId: readParentId(body) }
}

/** The same of what a form sends, where blank is below none. */
export function readMoveForm(id: string, given: URLSearchParams, body: string): MoveRequest {
  const form = new URLSearchParams(body)
  onlyKnown(form, ['parentId'])
  return { ...readShowRequest(id, given), parentId: optional(form, 'parentId', readKey) ?? null }
}

function readParentId(body: string): number | null {
  const found = /^\s*\{\s*"parentId"\s*:\s*(null|\d+)\s*\}\s*$/.exec(body)?.[1]
  if (found === undefined) return refuse(badRequest('parentId', 'The body is {"parentId":5}, or null for below none.'))
  return found === 'null' ? null : readKey(found, 'parentId')
}

/** Makes a value of the text of a parameter, or refuses it. */
type Reader<T> = (text: string, parameter: string) => T

function onlyKnown(given: URLSearchParams, known: readonly string[]): void {
  for (const name of new Set(given.keys())) {
    if (!known.includes(name)) refuse(badRequest(name, `There is no parameter ${name}, only ${known.join(', ')}.`))
    if (given.getAll(name).length > 1) refuse(badRequest(name, `${name} is given more than once.`))
  }
}

function required<T>(given: URLSearchParams, parameter: string, read: Reader<T>): T {
  return optional(given, parameter, read) ?? refuse(badRequest(parameter, `${parameter} is missing.`))
}

/** A form sends what was left blank as an empty text. */
function optional<T>(given: URLSearchParams, parameter: string, read: Reader<T>): T | undefined {
  const text = given.get(parameter)?.trim()
  return text === undefined || text === '' ? undefined : read(text, parameter)
}

function within(low: number, high: number): Reader<number> {
  return (text, parameter) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= low && number <= high) return number
    return refuse(badRequest(parameter, `${parameter} is a whole number from ${low} to ${high}.`))
  }
}

const readKey = within(1, largestKey)

function oneOf<T extends string>(known: readonly T[]): Reader<T> {
  return (text, parameter) =>
    known.find(each => each === text) ?? refuse(badRequest(parameter, `${parameter} is one of ${known.join(', ')}.`))
}

const readWords: Reader<string> = (text, parameter) => {
  if (text.length <= 100 && !text.includes('\0')) return text
  return refuse(badRequest(parameter, `${parameter} has 100 characters at most, and no NUL.`))
}

const asItIs: Reader<string> = text => text
