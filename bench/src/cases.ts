/**
 * What is measured: each case's rows, its arguments at iteration `i` (the same for every contender), and the one
 * form in which contenders' answers are compared.
 *
 * @module
 */

/** One interview, all eight columns. */
export interface InterviewRow {
  readonly id: number
  readonly title: string
  readonly status: string
  readonly score: number
  readonly remote: boolean
  readonly createdAt: Date
  readonly companyId: number
  readonly authorId: number
}

/** An interview with one person's rating where there is one, its author and its company. */
export interface JoinedRow {
  readonly id: number
  readonly title: string
  readonly rating: number | null
  readonly author: string
  readonly company: string
}

/** An interview with its twenty evaluations. */
export interface NestedRow {
  readonly id: number
  readonly title: string
  readonly evaluations: readonly {
    readonly id: number
    readonly rating: number
    readonly note: string | null
    readonly userId: number
  }[]
}

/** Row type of each execute case. */
export interface Rows {
  readonly key: InterviewRow
  readonly rows: InterviewRow
  readonly joins: JoinedRow
  readonly nested: NestedRow
}

export type ExecuteCase = keyof Rows
export type Case = 'build' | ExecuteCase

/** A case's title, and how many iterations make a batch. */
export const cases: { readonly [C in Case]: { readonly title: string; readonly batch: number } } = {
  build: {
    title: 'Build and compile, cold: 4 tables, 1 LEFT with bound ON, 2 INNER, 3 WHERE, 2 ORDER, LIMIT',
    batch: 1000,
  },
  key: { title: 'Execute: one row by key', batch: 60 },
  rows: { title: 'Execute: 1,000 rows of 8 columns', batch: 8 },
  joins: { title: 'Execute: 3 joins, one a left handle with a bound ON, 50 rows', batch: 40 },
  nested: { title: 'Execute: 50 parents with 20 children each', batch: 8 },
}

export const executeCases: readonly ExecuteCase[] = ['key', 'rows', 'joins', 'nested']

const statuses = ['open', 'closed', 'draft'] as const

/** Bound values of each case at iteration `i`. */
export const argumentsAt = {
  build: (i: number) => ({ me: 1 + (i % 200), status: statuses[i % 3]!, city: 'Oslo', active: true, limit: 50 }),
  /** An id that exists. */
  key: (i: number) => 1 + ((i * 7919) % 10_000),
  /** The first of 1,000 consecutive ids. */
  rows: (i: number) => 1 + (i % 9) * 1000,
  joins: (i: number) => ({ me: 1 + (i % 200), status: statuses[i % 3]! }),
  /** The first and last id of 50 parents that have 20 children each. */
  nested: (i: number) => ({ first: 1 + (i % 4) * 50, last: 50 + (i % 4) * 50 }),
}

/** Values by position, so that two contenders' rows are equal text or not equal. */
export const canonical: { readonly [C in ExecuteCase]: (row: Rows[C]) => readonly unknown[] } = {
  key: interview,
  rows: interview,
  joins: row => [row.id, row.title, row.rating, row.author, row.company],
  nested: row => [row.id, row.title, row.evaluations.map(e => [e.id, e.rating, e.note, e.userId])],
}

function interview(row: InterviewRow): readonly unknown[] {
  const { id, title, status, score, remote, createdAt, companyId, authorId } = row
  return [id, title, status, score, remote, createdAt.toISOString(), companyId, authorId]
}
