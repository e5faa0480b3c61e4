/**
 * Operators that MySQL writes in another way, or means in another way.
 *
 * @module
 */
import { baseName } from '../../schema/base-types.js'
import { jsonPath } from '../../schema/codec/mysql.js'
import type { DataType, EnumType } from '../../schema/model.js'
import type { Operands, Rewrite } from '../dialect.js'

export function operatorsOf(literal: (word: string) => string): Readonly<Record<string, Rewrite>> {
  const compared = (operator: string): Rewrite => {
    return of => `${ranked(of, 0, literal)} ${operator} ${ranked(of, 1, literal)}`
  }
  return Object.freeze({
    '<': compared('<'),
    '<=': compared('<='),
    '>': compared('>'),
    '>=': compared('>='),
    BETWEEN: of => `${ranked(of, 0, literal)} BETWEEN ${ranked(of, 1, literal)} AND ${ranked(of, 2, literal)}`,
    'IS DISTINCT FROM': of => `NOT (${of.sql(0)} <=> ${of.sql(1)})`,
    'IS NOT DISTINCT FROM': of => `${of.sql(0)} <=> ${of.sql(1)}`,
    '= ANY': of => `${of.sql(0)} IN ${of.list(1) ?? of.sql(1)}`,
    '<> ALL': of => `${of.sql(0)} NOT IN ${of.list(1) ?? of.sql(1)}`,
    ILIKE: of => `LOWER(${of.sql(0)}) LIKE LOWER(${of.sql(1)})`,
    '~': of => `${of.sql(0)} REGEXP ${of.sql(1)}`,
    '||': of => `CONCAT(${of.sql(0)}, ${of.sql(1)})`,
    '/': quotient,
    '->': member,
    '->>': memberText,
    '@>': 'lacking',
    '<@': 'lacking',
    '&&': 'lacking',
  } satisfies Record<string, Rewrite>)
}

/** The labels of an enumeration compare by their place in it, as they are sorted; to the server's `<` they are words. */
function ranked(of: Operands, at: number, literal: (word: string) => string): string {
  const labels = enumOf(of.type(0))?.labels
  return labels === undefined ? of.sql(at) : rank(of.sql(at), labels, literal)
}

export function enumOf(type: DataType): EnumType | undefined {
  return type.kind === 'enum' ? type : undefined
}

/** The place of a label among those of its enumeration; NULL of NULL. */
export function rank(sql: string, labels: readonly string[], literal: (word: string) => string): string {
  return `NULLIF(FIELD(${[sql, ...labels.map(literal)].join(', ')}), 0)`
}

const doubles = new Set(['float4', 'float8'])

/** Of decimals it has four digits more than they do, and what is read as a double may be a decimal to the server. */
function quotient(of: Operands): string {
  const [a, b] = [of.sql(0), of.sql(1)]
  if (of.isWhole(0) && of.isWhole(1)) return `${a} DIV ${b}`
  return doubles.has(baseName(of.type(0))) || doubles.has(baseName(of.type(1)))
    ? `${a} / CAST(${b} AS DOUBLE)`
    : `${a} / ${b}`
}

/** The first of an array is to the server the first of anything: of what is none, the whole. */
function member(of: Operands): string {
  const found = `JSON_EXTRACT(${of.sql(0)}, ${of.as(1, jsonPath)})`
  return of.isWhole(1) ? `CASE JSON_TYPE(${of.sql(0)}) WHEN 'ARRAY' THEN ${found} END` : found
}

/** A member as text: as it stands in the document, but a string without its quotes, and nothing for JSON's null. */
function memberText(of: Operands): string {
  return `CASE JSON_TYPE(${member(of)}) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(${member(of)}) END`
}
