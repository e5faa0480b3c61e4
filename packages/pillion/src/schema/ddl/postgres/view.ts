/**
 * Views, each after those it reads, and after the routines it calls that could not be made before there were views.
 * Materialised ones are filled at the end.
 *
 * @module
 */
import { quoteName } from '../../base-types.js'
import type { Catalog, Routine, Table } from '../../model.js'
import { columnList, qualified } from './name.js'
import { inOrder } from '../order.js'
import { isView } from './is-view.js'
import { type Made, madeInOrder } from './made.js'
import { madeRoutine, namedIn } from './routine.js'

export function viewsInOrder({ tables }: Catalog): readonly Table[] {
  return inOrder(
    tables.filter(isView),
    view => view.id,
    view => view.dependsOn ?? [],
  )
}

export function createViews(catalog: Catalog, routines: readonly Routine[]): readonly string[] {
  const views = viewsInOrder(catalog)
  const made = (view: Table): Made => ({
    id: view.id,
    needs: [...(view.dependsOn ?? []), ...namedIn(view.definition ?? '', routines)],
    statements: [createView(view), ...defaults(view)],
  })
  return madeInOrder([...views.map(made), ...routines.map(routine => madeRoutine(routine, views, routines))])
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
  const options = view.options === undefined ? '' : ` WITH (${view.options})`
  return `CREATE ${view.kind.toUpperCase()} ${qualified(view)}${columns}${options} AS\n${query}${tail}`
}

function defaults(view: Table): readonly string[] {
  return view.columns
    .filter(column => column.default !== undefined)
    .map(column => `ALTER VIEW ${qualified(view)} ALTER COLUMN ${quoteName(column.name)} SET DEFAULT ${column.default}`)
}
