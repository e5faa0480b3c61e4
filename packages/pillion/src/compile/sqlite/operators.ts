/**
 * Operators that SQLite writes in another way, or means in another way.
 *
 * @module
 */
import { globPattern, jsonPath } from '../../schema/codec/sqlite.js'
import type { ArrayType } from '../../schema/model.js'
import type { Operands, Rewrite } from '../dialect.js'

export const operators: Readonly<Record<string, Rewrite>> = Object.freeze({
  'IS DISTINCT FROM': of => `${of.sql(0)} IS NOT ${of.sql(1)}`,
  'IS NOT DISTINCT FROM': of => `${of.sql(0)} IS ${of.sql(1)}`,
  '= ANY': of => `${of.sql(0)} IN ${listOf(of)}`,
  '<> ALL': of => `${of.sql(0)} NOT IN ${listOf(of)}`,
  LIKE: of => like(of, 'GLOB'),
  'NOT LIKE': of => like(of, 'NOT GLOB'),
  ILIKE: of => `lower(${of.sql(0)}) LIKE lower(${of.sql(1)}) ESCAPE '\\'`,
  '/': of => (areWhole(of) ? `${of.sql(0)} / ${of.sql(1)}` : `CAST(${of.sql(0)} AS REAL) / ${of.sql(1)}`),
  // its own takes a remainder of whole numbers only
  '%': of => (areWhole(of) ? `${of.sql(0)} % ${of.sql(1)}` : `mod(${of.sql(0)}, ${of.sql(1)})`),
  '->': of => `${of.sql(0)} -> ${step(of)}`,
  '->>': of => memberText(of.sql(0), step(of)),
  '~': 'lacking',
  '@>': 'lacking',
  '<@': 'lacking',
  '&&': 'lacking',
} satisfies Record<string, Rewrite>)

// one text for lists of all lengths, but of what may be bytes, which JSON has not; a list that is NULL is one of NULL, which leaves everything unknown
function listOf(of: Operands): string {
  const { element } = of.type(1) as ArrayType
  const mayBeBytes = element.kind === 'base' && (element.name === 'bytea' || element.name === 'any')
  return (mayBeBytes ? of.list(1) : undefined) ?? `(SELECT value FROM json_each(coalesce(${of.sql(1)}, '[null]')))`
}

// SQLite's LIKE heeds no case, and how it does is a setting of the connection
function like(of: Operands, word: string): string {
  const isBound = of.as(1, globPattern) !== of.sql(1)
  return `${of.sql(0)} ${word} ${isBound ? of.as(1, globPattern) : globOf(of.sql(1))}`
}

const stages: readonly (readonly [from: string, to: string])[] = [
  [String.raw`'\\'`, 'char(1)'],
  [String.raw`'\%'`, 'char(2)'],
  [String.raw`'\_'`, 'char(3)'],
  ["'['", "'[[]'"],
  ["'*'", "'[*]'"],
  ["'?'", "'[?]'"],
  ["'%'", "'*'"],
  ["'_'", "'?'"],
  ['char(3)', "'_'"],
  ['char(2)', "'%'"],
  ['char(1)', String.raw`'\'`],
]

function globOf(pattern: string): string {
  return stages.reduce((sql, [from, to]) => `replace(${sql}, ${from}, ${to})`, pattern)
}

function areWhole(of: Operands): boolean {
  return of.isWhole(0) && of.isWhole(1)
}

/** A key as a path of its own: by itself it is not one where there is a quote in it, or a sign of a path. */
function step(of: Operands): string {
  return of.isWhole(1) ? of.sql(1) : of.as(1, jsonPath)
}

/** A member as text: as it stands in the document, but a string without its quotes. */
function memberText(document: string, step: string): string {
  return `CASE json_type(${document} -> ${step}) WHEN 'text' THEN ${document} ->> ${step} WHEN 'null' THEN NULL ELSE ${document} -> ${step} END`
}
