/**
 * What became of a query: the statements that were sent, and why each join is in it.
 *
 * @module
 */
import { fileURLToPath } from 'node:url'
import type { JoinExplanation } from 'pillion'
import { hear } from './hearing.js'
import { laidOut } from './sql-layout.js'

/** An answer yet to be read, and the query it is read by. */
export interface Reading<T> {
  readonly query: Explicable
  read(): Promise<T>
}

/** A query that can say why it has its joins. */
export interface Explicable {
  explainJoins(): readonly JoinExplanation[]
}

export interface Explanation {
  /** As they were sent, but for white space. */
  readonly statements: readonly string[]
  readonly joins: readonly JoinExplanation[]
}

/** Reads the answer, and tells beside it how it was come by. */
export async function explained<T>({ query, read }: Reading<T>): Promise<T & { readonly explain: Explanation }> {
  const { result, sent } = await hear(read)
  return { ...result, explain: { statements: sent.map(text => laidOut(text)), joins: joinsOf(query) } }
}

/** The joins of a query, with places in the source as seen from this package. */
export function joinsOf(query: Explicable): readonly JoinExplanation[] {
  return query.explainJoins().map(join => ({
    ...join,
    mentions: join.mentions.map(({ clause, at }) => ({ clause, at: at === undefined ? undefined : fromHere(at) })),
  }))
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** `applySearch (/home/me/interviews/src/search.ts:12:9)` as `applySearch (src/search.ts:12)`. */
function fromHere(place: string): string {
  const [, name, line] = /^(?:(.*) \()?(.*?):\d+\)?$/.exec(place.replace(root, '')) ?? []
  if (line === undefined) return place
  return name === undefined || name === '<anonymous>' ? line : `${name} (${line})`
}
