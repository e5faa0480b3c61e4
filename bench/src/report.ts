/** Results as text for people and as JSON for machines. @module */
import { duration } from './duration.js'
import { type Measured, noiseOf, rowsOf, verdictsOf } from './results.js'

/** Under what the run was made: without it figures mean nothing. */
export interface Circumstances {
  readonly when: string
  readonly effort: string
  readonly node: string
  readonly postgres: string
  readonly cpu: string
  readonly cores: number
  /** Load average over a minute when the run began: above half the cores, distrust it. */
  readonly load: number
}

export function textOf(measured: Measured): string {
  const rows = rowsOf(measured)
  const noise = noiseOf(measured)
  const table = [
    ['', 'median', 'p95', 'spread', measured.baseline === undefined ? '' : `of ${measured.baseline}`],
    ...rows.map(row => [
      row.label,
      duration(row.median),
      duration(row.p95),
      `${(row.spread * 100).toFixed(0)} %`,
      row.ratio === undefined ? '' : row.ratio.toFixed(2),
    ]),
  ]
  return [
    `\n${measured.title}`,
    ...aligned(table).map(line => `  ${line}`),
    ...measured.absent.map(({ name, absent }) => `  ${name} is absent: ${absent}`),
    ...(noise === undefined
      ? []
      : [`  noise ${(noise * 100).toFixed(0)} %: ${measured.control} against ${measured.baseline}`]),
    ...verdictsOf(measured).map(({ claim, verdict }) => `  ${claim}: ${verdict}`),
  ].join('\n')
}

/** Each contender's statements of a case. */
export function sqlOf(measured: Measured): string {
  const shown = rowsOf(measured).filter(row => row.sql.length > 0)
  return shown.flatMap(row => [`  -- ${row.label}`, ...row.sql.map(sql => `  ${oneLine(sql)}`)]).join('\n')
}

export function jsonOf(circumstances: Circumstances, results: readonly Measured[]): string {
  const cases = results.map(measured => ({
    id: measured.id,
    title: measured.title,
    unit: 'nanoseconds',
    baseline: measured.baseline,
    contenders: rowsOf(measured),
    noise: noiseOf(measured),
    absent: measured.absent,
    verdicts: verdictsOf(measured),
  }))
  return `${JSON.stringify({ circumstances, cases }, null, 2)}\n`
}

export function circumstancesText(c: Circumstances): string {
  return `${c.effort} run on Node ${c.node}, PostgreSQL ${c.postgres}, ${c.cores} × ${c.cpu}, load ${c.load.toFixed(2)}`
}

/** The first column to the left, figures to the right. */
function aligned(table: readonly (readonly string[])[]): readonly string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map(row => row[column]!.length)))
  return table.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  '),
  )
}

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}
