/**
 * What a view adds to a table.
 *
 * @module
 */
import type { Table } from '../model.js'
import { byText, present } from '../plain.js'
import type { CatalogueRows, TableRow, ViewRow } from './rows.js'
import type { TableContext } from './tables.js'

export function viewOf(table: TableRow, rows: CatalogueRows, context: TableContext): Partial<Table> {
  const [view] = rows.of('view', table)
  if (view === undefined) return {}
  const [, , , definition, checkOption, security, algorithm] = view
  const options = [
    algorithm !== null && algorithm !== 'UNDEFINED' && `ALGORITHM=${algorithm}`,
    security === 'INVOKER' && 'SQL SECURITY INVOKER',
  ].filter(Boolean)
  const guard = checkOption === 'NONE' ? '' : ` WITH ${checkOption} CHECK OPTION`
  return present({
    definition: context.model.portable(definition) + guard,
    options: options.length > 0 && options.join(' '),
    dependsOn: dependencies(view, context),
  })
}

/** What the text of the query names, every table of which the server qualifies: never too few. */
function dependencies([, schema, name, definition]: ViewRow, { model }: TableContext): readonly string[] {
  const own = model.idOf(schema, name)
  const unquoted = (identifier: string) => identifier.replaceAll('``', '`')
  const pairs = [...definition.matchAll(/`((?:[^`]|``)+)`\.(?=`((?:[^`]|``)+)`)/g)]
  const ids = pairs.map(([, first = '', second = '']) => model.idOf(unquoted(first), unquoted(second)))
  return Object.freeze([...new Set(ids.filter(id => id !== own && model.known.has(id)))].sort(byText))
}
