/**
 * Functions and aggregates that MySQL calls by another name, or has in another sense.
 *
 * @module
 */
import { baseName } from '../../schema/base-types.js'
import type { BaseType } from '../../schema/model.js'
import type { AggregateParts, AggregateRewrite, Operands, Rewrite } from '../dialect.js'
import { all, present, rounded } from '../operands.js'
import { enumOf, rank } from './operators.js'
import { digitsOf, inUtf8, isPadded } from './types.js'

export const functions: Readonly<Record<string, Rewrite>> = Object.freeze({
  ROW: of => `(${all(of).join(', ')})`,
  btrim: of => `TRIM(${of.sql(0)})`,
  substr: substring,
  starts_with: of => `(LEFT(${of.sql(0)}, CHAR_LENGTH(${of.sql(1)})) = ${of.sql(1)})`,
  concat: of => `CONCAT_WS('', ${all(of).join(', ')})`,
  greatest: of => `GREATEST(${present(of)})`,
  least: of => `LEAST(${present(of)})`,
  floor: of => rounded('FLOOR', of),
  ceil: of => rounded('CEIL', of),
  round: of => (of.count === 1 ? rounded('ROUND', of) : `ROUND(${all(of).join(', ')})`),
  now: () => 'NOW(6)',
  date_trunc: truncate,
  extract,
  'minus between moments': 'lacking',
  cardinality: 'lacking',
} satisfies Record<string, Rewrite>)

// MySQL counts from the end where the start is negative, and finds nothing at 0
function substring(of: Operands): string {
  const [text, from] = [of.sql(0), of.sql(1)]
  if (of.count === 2) return `SUBSTR(${text}, GREATEST(${from}, 1))`
  return `SUBSTR(${text}, GREATEST(${from}, 1), GREATEST(${of.sql(2)} + LEAST(${from}, 1) - 1, 0))`
}

const formats: Readonly<Record<string, string>> = {
  second: '%Y-%m-%d %H:%i:%s',
  minute: '%Y-%m-%d %H:%i:00',
  hour: '%Y-%m-%d %H:00:00',
  day: '%Y-%m-%d 00:00:00',
  month: '%Y-%m-01 00:00:00',
  year: '%Y-01-01 00:00:00',
}

function truncate(of: Operands): string {
  const [unit, at] = [of.word(0), of.sql(1)]
  const type = baseName(of.type(1)) === 'date' ? 'DATE' : 'DATETIME(6)'
  return `CAST(${truncated(unit, at)} AS ${type})`
}

function truncated(unit: string, at: string): string {
  switch (unit) {
    case 'microseconds':
      return at
    case 'milliseconds':
      return `LEFT(DATE_FORMAT(${at}, '%Y-%m-%d %H:%i:%s.%f'), 23)`
    case 'week':
      return `DATE_SUB(DATE(${at}), INTERVAL WEEKDAY(${at}) DAY)`
    case 'quarter':
      return `MAKEDATE(YEAR(${at}), 1) + INTERVAL QUARTER(${at}) - 1 QUARTER`
    default:
      return `DATE_FORMAT(${at}, '${formats[unit]}')`
  }
}

function extract(of: Operands): string {
  const [field, at] = [of.word(0), of.sql(1)]
  switch (field) {
    case 'week':
      return `WEEK(${at}, 3)`
    case 'dow':
      return `(DAYOFWEEK(${at}) - 1)`
    case 'doy':
      return `DAYOFYEAR(${at})`
    case 'second':
      return `(SECOND(${at}) + MICROSECOND(${at}) / 1e6)`
    case 'epoch':
      return baseName(of.type(1)) === 'timestamptz'
        ? `(UNIX_TIMESTAMP(${at}) + 0e0)`
        : `(TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${at}) / 1e6)`
    default:
      return `EXTRACT(${field.toUpperCase()} FROM ${at})`
  }
}

/** What the aggregates of either server have in common. */
export function aggregatesOf(literal: (word: string) => string): Readonly<Record<string, AggregateRewrite>> {
  const extreme = (name: string): AggregateRewrite => {
    return parts => {
      const labels = enumOf(parts.operands.type(0))?.labels
      if (labels === undefined) return `${name}(${folded(parts)})`
      return `ELT(${[`${name}(${rank(parts.operands.sql(0), labels, literal)})`, ...labels.map(literal)].join(', ')})`
    }
  }
  return Object.freeze({
    string_agg: parts => `GROUP_CONCAT(${folded(parts)}${parts.orderBy} SEPARATOR ${parts.operands.sql(1)})`,
    bool_and: parts => `MIN(${folded(parts)})`,
    bool_or: parts => `MAX(${folded(parts)})`,
    min: extreme('MIN'),
    max: extreme('MAX'),
    array_agg: 'lacking',
    percentile_cont: 'lacking',
    mode: 'lacking',
  } satisfies Record<string, AggregateRewrite>)
}

/** What is aggregated as JSON: a sum has no zeros in front; and bits are none of its values, but their digits are. */
export function asJson(of: Operands): string {
  const type = of.type(0)
  if (baseName(type) === 'bit') return digitsOf(of.sql(0), Number((type as BaseType).modifier ?? 1))
  return isPadded(type) ? `${of.sql(0)} + 0` : inUtf8(of.sql(0), type)
}

function folded({ operands, distinct }: AggregateParts): string {
  return `${distinct ? 'DISTINCT ' : ''}${operands.sql(0)}`
}
