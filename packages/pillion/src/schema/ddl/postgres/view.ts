/**
 * Views, each after those it reads. Materialised ones are filled at the end.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, Table } from '../../model.js'
import { columnList, qualified } from './name.js'
import { inOrder } from '../order.js'
import { isView } from './table.js'

export function viewsInOrder({ tables }: Catalog): readonly Table[] {
  return inOrder(
    tables.filter(isView),
    view => view.id,
    view => view.dependsOn ?? [],
  )
}

export function createViews(catalog: Catalog): readonly string[] {
  return viewsInOrder(catalog).flatMap(view => [createView(view), ...defaults(view)])
}

export function refreshViews(catalog: Catalog): readonly string[] {
  return viewsInOrder(catalog)
    .filter(view => view.kind === 'materialized view')
    .map(view => `REFRESH MATERIALIZED VIEW ${qualified(view)}`)
}

function createView(view: Table): string {
  const columns = view.columns.length === 0 ? '' : ` ${columnList(view.columns.map(column => column.name))}`
  const query = (view.definition ?? '').trim().replace(/;$/, '')
  const tail = view.kind === 'materialized view' ? '\nWITH NO DATA' : ''
  return `CREATE ${view.kind.toUpperCase()} ${qualified(view)}${columns} AS\n${query}${tail}`
}

function defaults(view: Table): readonly string[] {
  return view.columns
    .filter(column => column.default !== undefined)
    .map(column => `ALTER VIEW ${qualified(view)} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${column.default}`)
}
