/**
 * Comments on everything that the model keeps them for.
 *
 * @module
 */
import { quoteLiteral, quoteName } from '../../base-types.js'
import type { Catalog, Routine, Table } from '../../model.js'
import { makeableIndexes } from './constraint.js'
import { qualified } from './name.js'

interface Commented {
  readonly comment?: string
}

export function createComments(catalog: Catalog): readonly string[] {
  return [
    ...catalog.types.flatMap(named =>
      comment(
        named.type.kind === 'domain' ? 'DOMAIN' : 'TYPE',
        qualified({ schema: named.type.schema as string, name: named.type.name }),
        named,
      ),
    ),
    ...catalog.sequences.flatMap(sequence => comment('SEQUENCE', qualified(sequence), sequence)),
    ...catalog.routines.flatMap(routine => comment(routineWord(routine), signature(routine), routine)),
    ...catalog.tables.flatMap(onTable),
  ]
}

function onTable(table: Table): readonly string[] {
  const name = qualified(table)
  const constraints = [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
    ...[table.uniques, table.foreignKeys, table.checks, table.exclusions].flat(),
  ]
  const tableWord = table.kind === 'partitioned table' ? 'TABLE' : table.kind.toUpperCase()
  return [
    ...comment(tableWord, name, table),
    ...table.columns.flatMap(column => comment('COLUMN', `${name}.${quoteName(column.name)}`, column)),
    ...constraints.flatMap(each => comment('CONSTRAINT', `${quoteName(each.name)} ON ${name}`, each)),
    ...makeableIndexes(table).flatMap(index =>
      comment('INDEX', qualified({ schema: table.schema, name: index.name }), index),
    ),
  ]
}

const routineWord = ({ kind }: Routine): string => (kind === 'window' ? 'FUNCTION' : kind.toUpperCase())

/** The id without its schema and name is the list of argument types. */
function signature(routine: Routine): string {
  return qualified(routine) + routine.id.slice(`${routine.schema}.${routine.name}`.length)
}

function comment(what: string, name: string, { comment }: Commented): readonly string[] {
  return comment === undefined ? [] : [`COMMENT ON ${what} ${name} IS ${quoteLiteral(comment)}`]
}
