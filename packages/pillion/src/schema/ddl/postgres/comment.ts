/**
 * Comments on everything that the model keeps them for.
 *
 * @module
 */
import { quoteLiteral, quoteName } from '../../base-types.js'
import type { Catalog, NamedType, Routine, Table } from '../../model.js'
import { makeableIndexes } from './constraint.js'
import { qualified } from './name.js'

interface Commented {
  readonly comment?: string
}

export function createComments(catalog: Catalog): readonly string[] {
  return [
    ...catalog.types.flatMap(onType),
    ...catalog.sequences.flatMap(sequence => comment('SEQUENCE', qualified(sequence), sequence)),
    ...catalog.routines.flatMap(routine => comment(routineWord(routine), signature(routine), routine)),
    ...catalog.tables.flatMap(onTable),
  ]
}

function onType(named: NamedType): readonly string[] {
  const { type, checks = [] } = named
  const name = qualified({ schema: type.schema as string, name: type.name })
  return [
    ...comment(type.kind === 'domain' ? 'DOMAIN' : 'TYPE', name, named),
    ...checks.flatMap(check => comment('CONSTRAINT', `${quoteName(check.name)} ON DOMAIN ${name}`, check)),
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
