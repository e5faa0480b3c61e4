/**
 * A SQLite schema as statements. SQLite keeps the text of every CREATE, and these are those.
 *
 * @module
 */
import type { Catalog } from '../model.js'
import { mainSchema } from '../reflection.js'
import { isWord, itemsOf } from '../sqlite/tokens.js'

/** A table's parents may come after it, and what a view reads after the view; triggers need what they are on. */
export function sqliteStatements({ tables }: Catalog): readonly string[] {
  return [
    ...tables.filter(({ kind }) => kind !== 'view').map(({ schema, sql = '' }) => inSchema(sql, schema)),
    ...tables.flatMap(({ schema, indexes }) => indexes.map(({ definition }) => inSchema(definition, schema))),
    ...tables.filter(({ kind }) => kind === 'view').map(({ schema, sql = '' }) => inSchema(sql, schema)),
    ...tables.flatMap(({ schema, triggers }) => triggers.map(({ definition }) => inSchema(definition, schema))),
    // The index of a constraint comes with its table.
  ].filter(statement => statement !== '')
}

/** SQLite keeps a CREATE without the name of its schema. */
function inSchema(sql: string, schema: string): string {
  if (schema === mainSchema) return sql
  const what = itemsOf(sql).find(item => isWord(item, 'TABLE', 'INDEX', 'VIEW', 'TRIGGER'))
  if (what === undefined) return sql
  return `${sql.slice(0, what.end)} "${schema.replaceAll('"', '""')}".${sql.slice(what.end).trimStart()}`
}
