import { gathered, type TableReader } from './reader.js'

/** Finds a table of the main database. */
export const sqliteTable: TableReader = async (session, name) => {
  const [found] = await session.run(
    `SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?`,
    [name],
  )
  if (found === undefined) return undefined
  const [table = '', type = '', sql = ''] = found as readonly string[]
  const columns = await session.run('SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid', [table])
  const primary = columns
    .filter(([, , , pk]) => pk !== '0')
    .toSorted((a, b) => Number(a[3]) - Number(b[3]))
    .map(([column]) => ['primary', 'primary', column ?? null])
  const indexes = await session.run(
    `SELECT l.name, CASE WHEN l."unique" THEN 'unique' ELSE 'index' END, i.name FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i
WHERE l.origin <> 'pk' AND NOT l.partial ORDER BY l.name, i.seqno`,
    [table],
  )
  const foreignKeys = await session.run(
    `SELECT id, "table", "from", coalesce("to", ''), on_delete, NULL FROM pragma_foreign_key_list(?) ORDER BY id, seq`,
    [table],
  )
  const keyOf = primary.map(([, , column]) => column)
  return {
    schema: '',
    name: table,
    isTable: type === 'table',
    columns: columns.map(([column, sqlType, notNull, pk]) => ({
      name: column ?? '',
      sqlType: sqlType ?? '',
      nullable: notNull === '0' && pk === '0',
    })),
    ...gathered(
      [...primary, ...indexes],
      // REFERENCES node without a column means its primary key
      foreignKeys.map((row, i) =>
        row[3] === '' ? [...row.slice(0, 3), keyOf[i] ?? keyOf[0] ?? null, ...row.slice(4)] : row,
      ),
    ),
    comment: /-- (pillion tree .*)$/m.exec(sql)?.[1],
  }
}
