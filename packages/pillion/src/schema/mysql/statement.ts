/**
 * The one statement that reads whole schemas: branches of one UNION ALL, told apart by a tag. Of a catalogue that
 * knows no snapshots, one statement is the shortest look.
 *
 * MySQL and MariaDB have the same views with a few columns of their own. Every cell is cast to text, so that all
 * branches agree on types and collations. No branch joins views of MariaDB's catalogue: it fills
 * them for each statement and has no index on them.
 *
 * @module
 */
import type { Server } from './server.js'

/** One branch: what it is called and what it selects. */
interface Branch {
  readonly tag: string
  readonly columns: readonly string[]
  readonly from: string
  /** The column that names the schema. */
  readonly schema: string
  readonly where?: string
}

const schemata: Branch = { tag: 'schema', columns: ['schema_name'], from: 'schemata', schema: 'schema_name' }

const tables: Branch = {
  tag: 'table',
  columns: ['table_schema', 'table_name', 'table_type', 'engine', 'table_collation', 'create_options', 'table_comment'],
  from: 'tables',
  schema: 'table_schema',
}

const columns = (server: Server): Branch => ({
  tag: 'column',
  columns: [
    'table_schema',
    'table_name',
    'ordinal_position',
    'column_name',
    'data_type',
    'column_type',
    'is_nullable',
    'column_default',
    'extra',
    'generation_expression',
    'collation_name',
    'column_comment',
    server.kind === 'mysql' ? 'srs_id' : 'NULL',
  ],
  from: 'columns',
  schema: 'table_schema',
})

const indexes = (server: Server): Branch => ({
  tag: 'index',
  columns: [
    'table_schema',
    'table_name',
    'index_name',
    'seq_in_index',
    'non_unique',
    'column_name',
    server.kind === 'mysql' ? 'expression' : 'NULL',
    'sub_part',
    'collation',
    'index_type',
    server.kind === 'mysql' ? "is_visible = 'NO'" : "ignored = 'YES'",
    'index_comment',
  ],
  from: 'statistics',
  schema: 'table_schema',
})

const keyColumns: Branch = {
  tag: 'key column',
  columns: [
    'table_schema',
    'table_name',
    'constraint_name',
    'ordinal_position',
    'column_name',
    'referenced_table_schema',
    'referenced_table_name',
    'referenced_column_name',
  ],
  from: 'key_column_usage',
  schema: 'table_schema',
  where: 'referenced_table_name IS NOT NULL',
}

const references: Branch = {
  tag: 'reference',
  columns: ['constraint_schema', 'table_name', 'constraint_name', 'update_rule', 'delete_rule'],
  from: 'referential_constraints',
  schema: 'constraint_schema',
}

/** In MySQL a check's name is unique in its schema, and its table stands elsewhere. */
const checks = ({ kind }: Server): Branch => ({
  tag: 'check',
  columns:
    kind === 'mysql'
      ? ['constraint_schema', 'table_name', 'constraint_name', "'Table'", 'check_clause', 'enforced']
      : ['constraint_schema', 'table_name', 'constraint_name', 'level', 'check_clause', "'YES'"],
  from:
    kind === 'mysql'
      ? 'check_constraints JOIN information_schema.table_constraints USING (constraint_schema, constraint_name)'
      : 'check_constraints',
  schema: 'constraint_schema',
  ...(kind === 'mysql' && { where: "constraint_type = 'CHECK'" }),
})

const views = (server: Server): Branch => ({
  tag: 'view',
  columns: [
    'table_schema',
    'table_name',
    'view_definition',
    'check_option',
    'security_type',
    server.kind === 'mariadb' ? 'algorithm' : 'NULL',
  ],
  from: 'views',
  schema: 'table_schema',
})

const triggers: Branch = {
  tag: 'trigger',
  columns: [
    'event_object_schema',
    'event_object_table',
    'trigger_name',
    'action_order',
    'action_timing',
    'event_manipulation',
    'action_statement',
  ],
  from: 'triggers',
  schema: 'event_object_schema',
}

const routines: Branch = {
  tag: 'routine',
  columns: [
    'routine_schema',
    'routine_name',
    'routine_type',
    'dtd_identifier',
    'character_set_name',
    'collation_name',
    'is_deterministic',
    'sql_data_access',
    'security_type',
    'routine_definition',
    'routine_comment',
  ],
  from: 'routines',
  schema: 'routine_schema',
  where: "routine_type IN ('FUNCTION', 'PROCEDURE')",
}

const parameters: Branch = {
  tag: 'parameter',
  columns: [
    'specific_schema',
    'specific_name',
    'routine_type',
    'ordinal_position',
    'parameter_mode',
    'parameter_name',
    'dtd_identifier',
    'character_set_name',
    'collation_name',
  ],
  from: 'parameters',
  schema: 'specific_schema',
  where: 'ordinal_position > 0',
}

const partitions: Branch = {
  tag: 'partition',
  columns: [
    'table_schema',
    'table_name',
    'partition_ordinal_position',
    'subpartition_ordinal_position',
    'partition_name',
    'partition_method',
    'partition_expression',
    'partition_description',
    'subpartition_method',
    'subpartition_expression',
    'partition_comment',
  ],
  from: 'partitions',
  schema: 'table_schema',
  where: 'partition_name IS NOT NULL',
}

const widest = 13

/**
 * MariaDB prints expressions in the quotes that a session asks for, and says of a view's column that it is never NULL
 * where only a strict session, such as it opens by itself, could see one: so for this one statement it is told which.
 */
const plainly = "SET STATEMENT sql_mode = 'STRICT_ALL_TABLES', sql_quote_show_create = 1 FOR "

/** The catalogue statement; its placeholders are the schemas, once for each branch. */
export function catalogueStatement(
  server: Server,
  schemas: number,
): { readonly sql: string; readonly branches: number } {
  const branches = [
    schemata,
    tables,
    columns(server),
    indexes(server),
    keyColumns,
    references,
    checks(server),
    views(server),
    triggers,
    routines,
    parameters,
    partitions,
  ]
  const select = branches.map(branch => branchSql(branch, schemas)).join('\nUNION ALL\n')
  return { sql: server.kind === 'mariadb' ? plainly + select : select, branches: branches.length }
}

function branchSql({ tag, columns, from, schema, where }: Branch, schemas: number): string {
  const padding = Array.from({ length: widest - columns.length }, () => 'NULL')
  // Each under a name of its own, for a driver that gives rows as objects.
  const cells = [...columns.map(column => (column === 'NULL' ? column : `CAST(${column} AS CHAR)`)), ...padding]
    .map((cell, at) => `${cell} AS c${at}`)
    .join(', ')
  // MariaDB looks a single name up, and opens every table of the server for a list of names.
  const inSchemas = schemas === 1 ? `${schema} = ?` : `${schema} IN (${Array(schemas).fill('?').join(', ')})`
  const condition = where === undefined ? inSchemas : `${inSchemas} AND ${where}`
  return `SELECT '${tag}' AS tag, ${cells} FROM information_schema.${from} WHERE ${condition}`
}
