/**
 * What stands in FROM: tables, derived tables, CTEs, VALUES, functions.
 *
 * @module
 */
import type { ColumnRef, Cte, Node, Source } from '../../query/node.js'
import { expression, typed } from './expression.js'
import { type Alias, type Printing, type Scope, uniqueName } from './scope.js'
import { separated } from './separated.js'

export function source(from: Source, alias: Alias, scope: Scope): string {
  switch (from.kind) {
    case 'table': {
      const { table, qualified } = from
      if (!scope.out.tables.includes(from)) scope.out.tables.push(from)
      const sql = qualified ? `${scope.quote(table.schema)}.${scope.quote(table.name)}` : scope.quote(table.name)
      return alias.name === table.name ? sql : `${sql} AS ${alias.sql}`
    }
    case 'query': {
      const inner = scope.out.subqueries.rows(from.query, from.lateral ? scope : undefined, scope.out)
      return `${from.lateral ? 'LATERAL ' : ''}(${inner}) AS ${alias.sql}`
    }
    case 'cte': {
      const name = commonTable(from.cte, scope.out)
      return alias.name === name ? alias.sql : `${scope.quote(name)} AS ${alias.sql}`
    }
    case 'values': {
      return `(VALUES ${separated(from.rows, ', ', valuesRow, scope)}) AS ${alias.sql} (${columnNames(from, scope)})`
    }
    case 'function':
      return `${expression(from.call, scope)} AS ${alias.sql} (${columnNames(from, scope)})`
  }
}

function valuesRow(cells: readonly Node[], scope: Scope): string {
  return `(${separated(cells, ', ', typed, scope)})`
}

function columnNames({ columns }: Source, scope: Scope): string {
  return separated(columns, ', ', columnName, scope)
}

function columnName({ name }: ColumnRef, scope: Scope): string {
  return scope.quote(name)
}

function commonTable(cte: Cte, out: Printing): string {
  const known = out.ctes.get(cte)
  if (known !== undefined) return known
  const name = uniqueName(cte.name, new Set(out.ctes.values()), out.dialect)
  out.ctes.set(cte, name)
  const body = out.subqueries.rows(cte.query, undefined, out)
  const step = cte.recursion
    ? ` UNION ${cte.recursion.all ? 'ALL ' : ''}${out.subqueries.rows(cte.recursion.query, undefined, out)}`
    : ''
  if (cte.recursion) out.recursive = true
  const hint = cte.materialized === undefined ? '' : cte.materialized ? 'MATERIALIZED ' : 'NOT MATERIALIZED '
  out.withs.push(`${out.dialect.quote(name)} AS ${hint}(${cte.recursion ? `${body}${step}` : body})`)
  return name
}
