/**
 * The laws of queries. Each takes the way from a description to a query, so that a control can take a wrong way.
 *
 * @module
 */
import { expect } from 'vitest'
import type { Page, Query } from 'pillion'
import type { Description } from './description.js'
import { pagedRowsOf, rowsOf } from './evaluator.js'
import { bag, type Law, sequence } from './trial.js'

export type Build = (description: Description) => Query<unknown>

/** The rows are those of the meaning, in an order that its keys allow. */
export function meansWhatItSays(build: Build): Law<Description> {
  return async (description, data, manner) => {
    const rows = await build(description).all()
    const meant = rowsOf(description, data, manner)
    expect(bag(rows)).toEqual(bag(meant))
    expect(sequence(rows.map(row => keysIn(row, description)))).toEqual(
      sequence(meant.map(row => keysIn(row, description))),
    )
  }
}

// queries select their order keys first
function keysIn(row: unknown, { order, fields }: Description): unknown {
  const selected = order.filter((key, i) => fields[i]?.get === 'column' && fields[i].of === key.of).length
  return Object.values(row as object).slice(0, selected)
}

/** Where the order is total the very sequence is that of the meaning, cut where it is cut. */
export function isInOrder(build: Build): Law<Description> {
  return async (description, data, manner) => {
    expect(sequence(await build(description).all())).toEqual(sequence(rowsOf(description, data, manner)))
  }
}

/** Both ways give the same rows. */
export function areTheSame(one: Build, other: Build): Law<Description> {
  return async description => {
    expect(bag(await other(description).all())).toEqual(bag(await one(description).all()))
  }
}

/** The rows of one way, each at most once more, are among those of the other. */
export function areAmong(fewer: Build, more: Build): Law<Description> {
  return async description => {
    const left = [...bag(await more(description).all())]
    for (const row of bag(await fewer(description).all())) {
      expect(left).toContain(row)
      left.splice(left.indexOf(row), 1)
    }
  }
}

/** The counts and the stream agree with the rows. */
export function countsWhatItGives(rows: Build, counted: Build = rows): Law<Description> {
  return async description => {
    const { length } = await rows(description).all()
    expect(await counted(description).count()).toBe(length)
    expect(await counted(description).exists()).toBe(length > 0)
  }
}

/** All pages, in either direction, are the rows in the total order. */
export function pagesAreTheRows(build: Build, size: number): Law<Description> {
  return async (description, data, manner) => {
    const meant = sequence(pagedRowsOf(description, data, manner))
    const rows = Math.max(size, Math.ceil(meant.length / 6))
    const query = build(description)
    const forward = await walk(await query.page({ size: rows }), ({ next }) =>
      next === null ? null : query.page({ size: rows, after: next }),
    )
    const last = forward.at(-1) as Page<unknown>
    const backward = await walk(last, ({ previous }) =>
      previous === null ? null : query.page({ size: rows, before: previous }),
    )
    expect(sequence(forward.flatMap(page => page.rows))).toEqual(meant)
    expect(sequence(backward.toReversed().flatMap(page => page.rows))).toEqual(meant)
    expect(forward[0]?.previous).toBeNull()
    expect(forward).toHaveLength(Math.max(1, Math.ceil(meant.length / rows)))
  }
}

async function walk(
  start: Page<unknown>,
  step: (page: Page<unknown>) => Promise<Page<unknown>> | null,
): Promise<readonly Page<unknown>[]> {
  const pages = [start]
  for (let next = step(start); next !== null; next = step(pages.at(-1) as Page<unknown>)) pages.push(await next)
  return pages
}
