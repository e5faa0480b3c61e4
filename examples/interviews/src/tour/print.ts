/**
 * How the tour looks in a terminal. Colours are for terminals alone, and for those who want them: NO_COLOR is obeyed.
 *
 * @module
 */
import { styleText } from 'node:util'
import type { JoinExplanation } from 'pillion'

/** A row of what a terminal can show. */
export type PlainRow = Readonly<Record<string, string | number | null>>

export const quiet = (text: string) => styleText('dim', text)

export function heading(number: number, title: string, says: string): readonly string[] {
  return [styleText('bold', `${number}. ${title}`), quiet(says), '']
}

/** Rows under the names of their columns; numbers to the right, and a dash where there is nothing. */
export function table(rows: readonly PlainRow[]): readonly string[] {
  const columns = Object.keys(rows[0] ?? {}).map(name => columnOf(name, rows))
  const [names = '', ...lines] = Array.from({ length: rows.length + 1 }, (_, line) =>
    columns
      .map(cells => cells[line])
      .join('  ')
      .trimEnd(),
  )
  return [quiet(names), ...lines]
}

/** The cells of a column from its name down, equally wide. */
function columnOf(name: string, rows: readonly PlainRow[]): readonly string[] {
  const cells = [name, ...rows.map(row => String(row[name] ?? '–'))]
  const width = Math.max(...cells.map(({ length }) => length))
  const isNumber = rows.some(row => typeof row[name] === 'number')
  return cells.map(cell => (isNumber ? cell.padStart(width) : cell.padEnd(width)))
}

/** A line for each join, and one below it for each place that mentioned it. */
export function joinLines(joins: readonly JoinExplanation[]): readonly string[] {
  const width = Math.max(...joins.map(({ alias }) => alias.length))
  return joins.flatMap(({ kind, alias, cardinality, because, mentions }) => [
    `${styleText('green', kind.padEnd(7))} ${alias.padEnd(width)}  ${cardinality}, ${because}`,
    ...mentions.map(({ clause, at }) => quiet(`        ${clause}: ${at}`)),
  ])
}
