/**
 * What stands in FROM: tables, derived tables, CTEs, VALUES, functions.
 *
 * @module
 */
import type { Cte, QueryData, Source } from '../../query/node.js'
import { nowhere } from '../../query/origin.js'
import { buildError } from '../failure.js'
import { joinsTables, reckons } from '../absent-query.js'
import { asksInColumns, asksOfDerived, isMerged } from '../correlation.js'
import { expression, typed } from './expression.js'
import { type Alias, type Printing, requireFeature, type Scope, uniqueName } from './scope.js'

export function source(from: Source, alias: Alias, scope: Scope): string {
  switch (from.kind) {
    case 'table': {
      const { table, qualified } = from
      if (!scope.out.tables.includes(from)) scope.out.tables.push(from)
      if (from.joinsLeft) scope.out.leftJoins++
      const sql = qualified ? `${scope.quote(table.schema)}.${scope.quote(table.name)}` : scope.quote(table.name)
      return alias.name === table.name ? sql : `${sql} AS ${alias.sql}`
    }
    case 'query': {
      if (from.lateral) useLateral(scope)
      const inner = scope.out.subqueries.rows(from.query, from.lateral ? scope : undefined, scope.out)
      return `${from.lateral ? 'LATERAL ' : ''}(${inner}${apart(from.query, scope.out)}) AS ${alias.sql}`
    }
    case 'cte': {
      if (from.cte.materialized !== undefined) requireFeature('MATERIALIZED', scope)
      const name = commonTable(from.cte, scope.out)
      return alias.name === name ? alias.sql : `${scope.quote(name)} AS ${alias.sql}`
    }
    case 'values': {
      const cells = from.rows.map(row => row.map(cell => typed(cell, scope)))
      return scope.out.dialect.values(cells, alias.sql, columnNames(from, scope))
    }
    case 'function':
      requireFeature('a function in FROM', scope)
      return `${expression(from.call, scope)} AS ${alias.sql} (${columnNames(from, scope).join(', ')})`
  }
}

/** Keeps a table in FROM apart from the query around it, where the dialect has to. */
export function apart(query: QueryData, { grouped, absent, dialect }: Printing): string {
  const { apart: always, apartWhereAbsent } = dialect
  if (!isMerged(query)) return ''
  if (always !== undefined && ((grouped && asksInColumns(query)) || asksOfDerived(query))) return always
  if (apartWhereAbsent === undefined || !absent.has(query) || !reckons(query)) return ''
  return apartWhereAbsent.of === 'any tables' || joinsTables(query) ? apartWhereAbsent.says : ''
}

function useLateral(scope: Scope): void {
  requireFeature('LATERAL', scope)
  scope.out.traits.add('LATERAL')
}

function columnNames({ columns }: Source, scope: Scope): readonly string[] {
  return columns.map(each => scope.quote(each.name))
}

/** A base that is sorted or cut short stands by itself, lest its ORDER BY end the whole UNION. */
function bodyOf({ query, recursion }: Cte, out: Printing): string {
  const body = out.subqueries.rows(query, undefined, out)
  return recursion && isCut(query) ? `SELECT * FROM (${body}) AS ${out.dialect.quote('base')}` : body
}

function isCut({ orderBy, limit, offset }: QueryData): boolean {
  return orderBy.length > 0 || limit !== undefined || offset !== undefined
}

/** What stands there is of all the rows together to some databases, and an error to others. */
function cutStep({ name, recursion }: Cte): Error {
  return buildError(
    'QUERY_INVALID',
    `The step of the recursive ${name} is sorted or cut short, which no database does step by step.`,
    'Sort and cut the query that reads from it, or say in the step by a condition how far it goes.',
    recursion?.query.origin ?? nowhere,
  )
}

function commonTable(cte: Cte, out: Printing): string {
  const known = out.ctes.get(cte)
  if (known !== undefined) {
    // of one that is still being printed, for it mentions itself, they are counted there
    out.leftJoins += out.withs.find(each => each.cte === cte)?.leftJoins ?? 0
    return known
  }
  const name = uniqueName(cte.name, new Set([...out.ctes.values()].map(out.dialect.folded)), out.dialect)
  out.ctes.set(cte, name)
  if (cte.recursion !== undefined && isCut(cte.recursion.query)) throw cutStep(cte)
  const before = out.leftJoins
  const body = bodyOf(cte, out)
  const step = cte.recursion
    ? ` UNION ${cte.recursion.all ? 'ALL ' : ''}${out.subqueries.rows(cte.recursion.query, undefined, out)}`
    : ''
  if (cte.recursion) out.recursive = true
  const hint = cte.materialized === undefined ? '' : cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED '
  const sql = `${out.dialect.quote(name)} AS ${hint}(${cte.recursion ? `${body}${step}` : body}`
  out.withs.push({ sql, cte, leftJoins: out.leftJoins - before })
  return name
}
