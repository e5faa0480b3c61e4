/**
 * Functions and aggregates that SQLite calls by another name, or has in another sense.
 *
 * @module
 */
import { nowhere } from '../../query/origin.js'
import type { AggregateParts, AggregateRewrite, Operands, Rewrite } from '../dialect.js'
import { notInDialect } from '../failure.js'
import { all, present, rounded } from '../operands.js'
import type { Moments } from './moments.js'

export function functions(moments: Moments): Readonly<Record<string, Rewrite>> {
  return Object.freeze({
    ROW: of => `(${all(of).join(', ')})`,
    btrim: of => `trim(${all(of).join(', ')})`,
    char_length: of => `length(${of.sql(0)})`,
    substr: substring,
    starts_with: of => `(substr(${of.sql(0)}, 1, length(${of.sql(1)})) = ${of.sql(1)})`,
    concat: of =>
      `(${all(of)
        .map(each => `coalesce(${each}, '')`)
        .join(' || ')})`,
    greatest: of => `max(${present(of)})`,
    least: of => `min(${present(of)})`,
    floor: of => rounded('floor', of),
    ceil: of => rounded('ceil', of),
    round: of => (of.count === 1 ? rounded('round', of) : `round(${all(of).join(', ')})`),
    now: () => moments.now(),
    date_trunc: of => moments.truncate(of),
    extract: of => moments.extract(of),
    'minus between moments': 'lacking',
    cardinality: 'lacking',
  } satisfies Record<string, Rewrite>)
}

// SQLite counts from the end where the start is negative
function substring(of: Operands): string {
  const [text, from] = [of.sql(0), of.sql(1)]
  if (of.count === 2) return `substr(${text}, max(${from}, 1))`
  return `substr(${text}, max(${from}, 1), max(${of.sql(2)} + min(${from}, 1) - 1, 0))`
}

/** SQLite sorts what it aggregates from 3.44 on. */
const sorting = 34_400

export function aggregates(version: number): Readonly<Record<string, AggregateRewrite>> {
  return Object.freeze({
    string_agg(parts) {
      if (parts.orderBy !== '' && version < sorting) throw sortsNot()
      if (parts.distinct) throw notInDialect('SQLite', 'string_agg(DISTINCT …) with a separator', nowhere)
      return `group_concat(${all(parts.operands).join(', ')}${parts.orderBy})`
    },
    bool_and: parts => `min(${folded(parts)})`,
    bool_or: parts => `max(${folded(parts)})`,
    array_agg: 'lacking',
    json_agg(parts) {
      if (parts.orderBy !== '' && version < sorting) throw sortsNot()
      return `json_group_array(${jsonOf(parts.operands)}${parts.orderBy})`
    },
    percentile_cont: 'lacking',
    mode: 'lacking',
  } satisfies Record<string, AggregateRewrite>)
}

/** An aggregate of JSON is NULL of no rows elsewhere. */
export const aroundAggregates: Readonly<Record<string, (call: string) => string>> = Object.freeze({
  json_agg: call => `nullif(${call}, '[]')`,
})

function sortsNot(): Error {
  return notInDialect('SQLite before 3.44', 'ORDER BY inside an aggregate', nowhere)
}

/** A value as JSON has it: a boolean is a number here, and a document text. */
function jsonOf(of: Operands): string {
  const type = of.type(0)
  const name = type.kind === 'base' ? type.name : type.kind
  if (name === 'bytea') throw notInDialect('SQLite', 'jsonAgg of bytea', nowhere)
  if (name === 'bool') return `json(CASE ${of.sql(0)} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`
  return name === 'json' || name === 'jsonb' ? `json(${of.sql(0)})` : of.sql(0)
}

function folded({ operands, distinct }: AggregateParts): string {
  return `${distinct ? 'DISTINCT ' : ''}${operands.sql(0)}`
}
