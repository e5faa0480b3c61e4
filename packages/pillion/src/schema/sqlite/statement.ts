/**
 * The one statement that reads whole schemas, so in one snapshot: branches of one UNION ALL, told apart by a tag, over
 * the table-valued functions that SQLite's pragmas are.
 *
 * @module
 */

/** What can stand in FROM. What SQLite makes for a virtual table, and keeps for itself, is left out. */
export type ObjectType = 'table' | 'view' | 'virtual'

const name = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** SQLite keeps names for itself: of statistics, of counters, of indexes that constraints made. */
const isOurs = (column: string): string => String.raw`${column} NOT LIKE 'sqlite\_%' ESCAPE '\'`

/** Asks for the version, and for the databases that are attached; of the first, the number of its schema. */
export const serverStatement = `SELECT d.name, sqlite_version(), v.schema_version
FROM pragma_database_list AS d LEFT JOIN pragma_schema_version AS v ON d.name = 'main' ORDER BY d.seq`

/** Each column under a name of its own, for a driver that gives rows as objects. */
const objects = (schema: string): string =>
  `SELECT 'object' AS tag, ${literal(schema)} AS c1, name AS c2, type AS c3, tbl_name AS c4, sql AS c5,
  NULL AS c6, NULL AS c7, NULL AS c8, NULL AS c9 FROM ${name(schema)}.sqlite_schema WHERE ${isOurs('name')}`

/** The texts of all definitions. */
export const objectsStatement = (schemas: readonly string[]): string => schemas.map(objects).join('\nUNION ALL\n')

export function catalogueStatement(schemas: readonly string[], types: readonly ObjectType[]): string {
  const isSeen = [
    `t.schema IN (${schemas.map(literal).join(', ')})`,
    `t.type IN (${types.map(literal).join(', ')})`,
    isOurs('t.name'),
  ].join(' AND ')
  return `${objectsStatement(schemas)}
UNION ALL
SELECT 'table', t.schema, t.name, t.type, t.wr, t.strict, NULL, NULL, NULL, NULL FROM pragma_table_list AS t WHERE ${isSeen}
UNION ALL
${columnsOf(isSeen)}
UNION ALL
SELECT 'index', t.schema, t.name, i.name, i."unique", i.origin, NULL, NULL, NULL, NULL
FROM pragma_table_list AS t JOIN pragma_index_list(t.name, t.schema) AS i WHERE ${isSeen}
UNION ALL
SELECT 'index key', t.schema, t.name, i.name, k.seqno, k.name, k.cid, k.desc, k.coll, NULL
FROM pragma_table_list AS t JOIN pragma_index_list(t.name, t.schema) AS i
JOIN pragma_index_xinfo(i.name, t.schema) AS k WHERE k.key AND ${isSeen}
UNION ALL
SELECT 'reference', t.schema, t.name, f.id, f.seq, f."table", f."from", f."to", f.on_update, f.on_delete
FROM pragma_table_list AS t JOIN pragma_foreign_key_list(t.name, t.schema) AS f WHERE ${isSeen}`
}

const columnsOf = (isSeen: string): string =>
  `SELECT 'column', t.schema, t.name, c.cid, c.name, c.type, c."notnull", c.dflt_value, c.pk, c.hidden
FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name, t.schema) AS c WHERE ${isSeen}`

/** The rows about one view or virtual table. */
export function singleStatement(schema: string, object: string): string {
  const isMeant = `t.schema = ${literal(schema)} AND t.name = ${literal(object)}`
  return `SELECT 'table' AS tag, t.schema AS c1, t.name AS c2, t.type AS c3, t.wr AS c4, t.strict AS c5,
  NULL AS c6, NULL AS c7, NULL AS c8, NULL AS c9 FROM pragma_table_list AS t WHERE ${isMeant}
UNION ALL
${columnsOf(isMeant)}`
}
