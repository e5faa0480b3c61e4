import { PillionError } from '../../errors.js'
import type { TreeSession } from '../session.js'
import { gathered, type TableReader } from './reader.js'

/**
 * Finds a table of the session's database.
 *
 * @throws TREE_REFUSED on MySQL
 */
export const mariadbTable: TableReader = async (session, name) => {
  await assertMariadb(session)
  const [found] = await session.run(
    'SELECT table_name, table_type, table_comment FROM information_schema.tables WHERE table_schema = database() AND table_name = ?',
    [name],
  )
  if (found === undefined) return undefined
  const [table = '', type = '', comment = ''] = found as readonly string[]
  const columns = await session.run(
    'SELECT column_name, column_type, is_nullable, character_set_name, collation_name FROM information_schema.columns WHERE table_schema = database() AND table_name = ? ORDER BY ordinal_position',
    [table],
  )
  const indexes = await session.run(
    `SELECT index_name, CASE WHEN index_name = 'PRIMARY' THEN 'primary' WHEN non_unique = 0 THEN 'unique' ELSE 'index' END, column_name
FROM information_schema.statistics WHERE table_schema = database() AND table_name = ? ORDER BY index_name, seq_in_index`,
    [table],
  )
  const foreignKeys = await session.run(
    `SELECT k.constraint_name, CASE WHEN k.referenced_table_schema = database() THEN k.referenced_table_name ELSE CONCAT(k.referenced_table_schema, '.', k.referenced_table_name) END,
  k.column_name, k.referenced_column_name, r.delete_rule, NULL, r.update_rule
FROM information_schema.key_column_usage AS k JOIN information_schema.referential_constraints AS r
ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name AND r.table_name = k.table_name
WHERE k.table_schema = database() AND k.table_name = ? AND k.referenced_table_name IS NOT NULL ORDER BY k.constraint_name, k.ordinal_position`,
    [table],
  )
  return {
    schema: '',
    name: table,
    ...(type !== 'BASE TABLE' && { instead: kinds.get(type) ?? 'no table' }),
    columns: columns.map(([column, sqlType, nullable, charset, collation]) => ({
      name: column ?? '',
      // a key is compared as its column is, whatever the database's own collation
      sqlType: charset ? `${sqlType} CHARACTER SET ${charset} COLLATE ${collation}` : (sqlType ?? ''),
      nullable: nullable === 'YES',
    })),
    ...gathered(indexes, foreignKeys),
    comment,
  }
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['VIEW', 'a view'],
  ['SYSTEM VERSIONED', 'a table that keeps versions of its rows'],
  ['SEQUENCE', 'a sequence'],
])

/** MySQL speaks to the same drivers, and lacks what the statements are made of: blocks outside of routines among it. */
async function assertMariadb(session: TreeSession): Promise<void> {
  const [[version] = []] = await session.run('SELECT version()')
  if (/mariadb/i.test(version ?? '')) return
  throw new PillionError(
    'TREE_REFUSED',
    `The server calls itself version ${version}: MySQL keeps no links of a tree.`,
    {
      hint: 'Trees are kept by triggers on PostgreSQL, MariaDB and SQLite. On MySQL ask the pointers, by a recursive CTE.',
    },
  )
}
