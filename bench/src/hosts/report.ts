/** What rides cost, as text for people. @module */
import type { Outcome } from './contest.js'
import type { Found, Outcomes } from './once.js'

/** At most so many times the raw query, at 1 row and at 1,000. */
const held = { one: 1.05, thousand: 1 } as const

export interface Line {
  readonly name: string
  readonly found?: Found
  /** Why there are no figures. */
  readonly absent?: string
}

const head = [
  'ride / raw (/ raw, read alike)',
  'raw, 1 row',
  '1 row',
  'raw, 1,000',
  '1,000 rows',
  '1 row in a transaction',
  '1,000 in a transaction',
  'noise',
]

export function tableOf(lines: readonly Line[]): string {
  const rows = lines.map(({ name, found, absent }) => [name, ...(found === undefined ? [absent ?? ''] : cells(found))])
  const widths = head.map((title, at) =>
    Math.max(title.length, ...rows.filter(row => row.length > 2).map(row => row[at]?.length ?? 0)),
  )
  const text = (row: readonly string[]): string => row.map((each, at) => each.padEnd(widths[at] ?? 0)).join('  ')
  return [head, ...rows].map(text).join('\n')
}

export const legend = `The first figure is over the raw query as it is; that in parentheses over the raw query and what is left to do to its
rows until they have the same values. Held to: at most ${held.one} at 1 row, at most ${held.thousand} at 1,000; what is beyond is marked !`

function cells({ root, inside }: Found): readonly string[] {
  return [
    duration(root.one.raw),
    cell(root, 'one'),
    duration(root.thousand.raw),
    cell(root, 'thousand'),
    inside === undefined ? '–' : cell(inside, 'one'),
    inside === undefined ? '–' : cell(inside, 'thousand'),
    `${(Math.max(...[root, inside].flatMap(noises)) * 100).toFixed(0)} %`,
  ]
}

function cell(outcomes: Outcomes, of: keyof Outcomes): string {
  const { overRaw, overAlike } = outcomes[of]
  return `${ratio(overRaw, held[of])} (${ratio(overAlike, held[of])})`
}

function ratio(found: number, most: number): string {
  return `${found.toFixed(2)}${Number(found.toFixed(2)) <= most ? '' : ' !'}`
}

function duration(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds.toFixed(1)} µs` : `${(microseconds / 1000).toFixed(2)} ms`
}

function noises(outcomes: Outcomes | undefined): readonly number[] {
  return outcomes === undefined ? [] : Object.values<Outcome>(outcomes).map(({ noise }) => noise)
}
