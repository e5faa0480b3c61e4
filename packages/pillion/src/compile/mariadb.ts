/**
 * MariaDB's SQL, from 10.6 on, where it is not MySQL's.
 *
 * @module
 */
import { nowhere } from '../query/origin.js'
import type { AggregateRewrite, Dialect, Feature, Trait } from './dialect.js'
import { notInDialect } from './failure.js'
import { aggregatesOf, asJson } from './mysql/functions.js'
import { allRows, lacksBoth, longestText, mysqlFamily, readPlan } from './mysql.js'

/** What `settingsOf` puts before a statement. */
const settingsBefore = /^SET STATEMENT .*? FOR /

export const mariadb: Dialect = Object.freeze({
  ...mysqlFamily,
  name: 'MariaDB',
  missesNested: true,
  apart: ` LIMIT ${allRows}`,
  apartWhereAbsent: { says: ` LIMIT ${allRows}`, of: 'several tables' },
  // false of each row, which it does not know beforehand: a constant it would drop as well
  keepsOrder: 'RAND() < 0',
  overAll: 'PARTITION BY RAND() < 0',
  inAggregate: 'COALESCE',
  lacks: new Set<Feature>([
    ...lacksBoth,
    'LATERAL',
    'a table in FROM that sees the query around its own',
    'a default of lag and lead',
    // it loses groups, all of them or some, where they have to be sorted
    'HAVING over an aggregate beside a window function',
  ]),
  aggregates: Object.freeze({
    ...aggregatesOf(mysqlFamily.literal),
    json_agg: ({ operands, orderBy }) => `JSON_ARRAYAGG(${asJson(operands)}${orderBy})`,
  } satisfies Record<string, AggregateRewrite>),
  // what it makes of texts in two collations has none of its own, and cannot stand above another such in a UNION
  jsonRows: rows =>
    `(${rows.gather((item, orderBy, limits) => `CONVERT(COALESCE(JSON_ARRAYAGG(${item}${orderBy}${limits}), JSON_ARRAY()) USING utf8mb4)`)})`,
  statement: (sql, traits) => `${settingsOf(traits)}${sql}`,
  explain: {
    statement: (sql, { analyze, buffers }) => {
      if (buffers) throw notInDialect('MariaDB', 'EXPLAIN (BUFFERS)', nowhere)
      const [before = ''] = settingsBefore.exec(sql) ?? []
      return `${before}${analyze ? 'ANALYZE' : 'EXPLAIN'} FORMAT=JSON ${sql.slice(before.length)}`
    },
    read: rows => readPlan(rows.map(row => String(row[0])).join('\n')),
  },
} satisfies Dialect)

/** What settings of the session are to be for this statement alone. */
function settingsOf(traits: ReadonlySet<Trait>): string {
  const settings = [
    // aggregates cut what is longer than a setting says, with no more than a warning
    ...(traits.has('JSON put together') || traits.has('words put together')
      ? [`group_concat_max_len = ${longestText}`]
      : []),
    // it gave a row once for each that the subquery found, where a row joined left there is known beforehand, by a constant for its key
    // and on the second run of a prepared statement it did not know the column of a derived table that a subquery there asks about
    ...(traits.has('a left join inside a semi-join') ||
    traits.has('a subquery about a derived table inside a semi-join')
      ? [`optimizer_switch = 'semijoin=off'`]
      : []),
  ]
  return settings.length === 0 ? '' : `SET STATEMENT ${settings.join(', ')} FOR `
}
