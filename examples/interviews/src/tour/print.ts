/**
 * How the tour looks in a terminal. Colours are for terminals alone, and for those who want them: NO_COLOR is obeyed.
 *
 * @module
 */
import { styleText } from 'node:util'
import type { JoinExplanation } from 'pillion'

type Row = Readonly<Record<string, unknown>>

export const quiet = (text: string) => styleText('dim', text)

export function heading(number: number, title: string, says: string): readonly string[] {
  return [styleText('bold', `${number}. ${title}`), quiet(says), '']
}

/** Rows under the names of their columns; numbers to the right, and a dash where there is nothing. */
export function table(rows: readonly Row[]): readonly string[] {
  const columns = Object.keys(rows[0] ?? {})
  const widths = columns.map(name => Math.max(name.length, ...rows.map(row => shown(row[name]).length)))
  const line = (cells: readonly string[], numbers: readonly boolean[]) =>
    cells
      .map((cell, i) => (numbers[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  const numeric = columns.map(name => rows.some(row => typeof row[name] === 'number'))
  return [
    quiet(line(columns, numeric)),
    ...rows.map(row =>
      line(
        columns.map(name => shown(row[name])),
        numeric,
      ),
    ),
  ]
}

const shown = (value: unknown) => (value === null ? '–' : String(value))

/** A line for each join, and one below it for each place that mentioned it. */
export function joinLines(joins: readonly JoinExplanation[]): readonly string[] {
  const width = Math.max(...joins.map(({ alias }) => alias.length))
  return joins.flatMap(({ kind, alias, cardinality, because, mentions }) => [
    `${styleText('green', kind.padEnd(7))} ${alias.padEnd(width)}  ${cardinality}, ${because}`,
    ...mentions.map(({ clause, at }) => quiet(`        ${clause}: ${at}`)),
  ])
}
