/**
 * Random small tables: NULLs, ties, few distinct values, keys too big for a double, microseconds.
 *
 * @module
 */
import { type Choose, chosen } from './choices.js'
import type { Row, TableName, Tables, Type, Value } from './small-world.js'

/** The first evaluation's id: neighbours of it are one number to a double. */
export const bigId = 9007199254740993n

/** What cells of a type hold, and what literals are compared with them. */
export const samples: Readonly<Record<Type, readonly [Value, ...Value[]]>> = {
  int4: [1, 2, 3, 0, 4],
  int8: [bigId, bigId + 1n, bigId + 2n, 1n],
  text: ['a', 'b', 'ab', ''],
  numeric: ['1.00', '0.50', '10.00', '99999999999999999.99', '99999999999999999.98', '-2.00'],
  timestamptz: [
    '2026-01-01 00:00:00.000000',
    '2026-01-01 00:00:00.000001',
    '2026-01-01 00:00:00.000002',
    '2026-01-01 00:00:00.123456',
    '2025-12-31 23:59:59.999999',
  ],
  date: ['2026-01-01', '2026-01-02', '2025-12-31'],
  status: ['open', 'held', 'closed'],
}

const people = ['b', 'a', 'ab', '', "o'b"] as const

/** An arbitrary of tables. */
export const tables = chosen(tablesFrom, 150)

/** Tables as chosen. */
export function tablesFrom(choose: Choose): Tables {
  const cell = (type: Type): Value => choose.one(samples[type])
  const maybe = <T>(make: () => T): T | null => (choose.rarely(3) ? null : make())
  const idOf = (rows: readonly Row[]): Value => (rows[choose.below(rows.length)] as Row)['id'] as Value
  const several = (most: number, enough: boolean, make: (index: number) => Row): readonly Row[] =>
    enough ? choose.several(most, make) : []

  const departments = choose.below(4)
  const department = Array.from({ length: departments }, (_, i) => ({
    id: i + 1,
    name: cell('text'),
    parentId: maybe(() => 1 + choose.below(departments)),
  }))
  const user = choose.several(4, i => ({
    id: i + 1,
    username: people[i] as string,
    email: maybe(() => cell('text')),
    departmentId: department.length > 0 ? maybe(() => idOf(department)) : null,
  }))
  const interview = several(6, department.length > 0 && user.length > 0, i => ({
    id: i + 1,
    title: cell('text'),
    status: cell('status'),
    ownerId: idOf(user),
    leadId: maybe(() => idOf(user)),
    departmentId: idOf(department),
    budget: maybe(() => cell('numeric')),
    createdAt: cell('timestamptz'),
    heldOn: maybe(() => cell('date')),
  }))
  const evaluation = once(
    several(6, interview.length > 0, i => ({
      id: bigId + BigInt(i),
      interviewId: idOf(interview),
      userId: idOf(user),
      rating: maybe(() => cell('int4')),
      note: maybe(() => cell('text')),
      createdAt: cell('timestamptz'),
    })),
    ['interviewId', 'userId'],
  )
  const comment = several(6, evaluation.length > 0, i => ({
    id: i + 1,
    evaluationId: idOf(evaluation),
    authorId: maybe(() => idOf(user)),
    body: cell('text'),
  }))
  const tag = choose.several(3, i => ({ id: i + 1, label: cell('text') }))
  const interviewTag = once(
    several(6, interview.length > 0 && tag.length > 0, () => ({ interviewId: idOf(interview), tagId: idOf(tag) })),
    ['interviewId', 'tagId'],
  )
  return { department, user, interview, evaluation, comment, tag, interviewTag }
}

function once(rows: readonly Row[], key: readonly string[]): readonly Row[] {
  const keyOf = (row: Row) => key.map(name => row[name]).join()
  return [...new Map(rows.map(row => [keyOf(row), row])).values()]
}

/** The rows of each table, under the names of the database. */
export function rowsByName(tables: Tables): Readonly<Record<string, readonly Row[]>> {
  const snake = (name: string) => name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
  const renamed = (row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [snake(name), value]))
  const names = Object.keys(tables) as readonly TableName[]
  return Object.fromEntries(names.map(name => [snake(name), tables[name].map(renamed)]))
}

/** The tables as JSON. */
export function asJson(tables: Tables): string {
  return JSON.stringify(rowsByName(tables), (_, value: unknown) => forServer(value as Value))
}

function forServer(value: Value): unknown {
  if (typeof value === 'bigint') return String(value)
  return typeof value === 'string' && /^\d{4}-.*:/.test(value) ? `${value}+00` : value
}
