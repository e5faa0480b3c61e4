import { type Clause, readCreateTable } from '../../schema/sqlite/create-table.js'
import type { TreeKeyOf } from '../model.js'
import { gathered, type Keys, type TableReader } from './reader.js'

const among = (columns: readonly string[]): string =>
  JSON.stringify(columns.map(column => column.toLowerCase()).toSorted())

/** Which foreign keys are looked at when the transaction is over, by their columns: no pragma tells. */
const deferrals = (clauses: readonly Clause[]): ReadonlyMap<string, string> =>
  new Map(
    clauses.flatMap(({ kind, columns, deferrable }) =>
      kind === 'foreign key' && deferrable !== undefined ? [[among(columns), deferrable] as const] : [],
    ),
  )

/** The keys, and of each whether it is declared ON CONFLICT REPLACE, which no pragma tells either. */
function withConflicts(keys: Keys, clauses: readonly Clause[]): Keys {
  const replacing = new Set(
    clauses.flatMap(({ kind, columns, replaces }) =>
      (kind === 'primary key' || kind === 'unique') && replaces ? [among(columns)] : [],
    ),
  )
  const told = (key: TreeKeyOf): TreeKeyOf =>
    replacing.has(among(key.columns)) ? { ...key, onConflict: 'replace' } : key
  const { primaryKey, uniques = [] } = keys
  return { ...keys, ...(primaryKey && { primaryKey: told(primaryKey) }), uniques: uniques.map(told) }
}

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
    `SELECT id, "table", "from", coalesce("to", ''), on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq`,
    [table],
  )
  const { clauses } = /^CREATE\s+TABLE/i.test(sql) ? readCreateTable(sql) : { clauses: [] }
  const putOff = deferrals(clauses)
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
    ...withConflicts(
      gathered(
        [...primary, ...indexes],
        foreignKeys.map((row, i) => {
          const [id = null, target = null, column = null, its = null, onDelete = null] = row
          const place = foreignKeys.slice(0, i).filter(([other]) => other === id).length
          const columns = foreignKeys.filter(([other]) => other === id).map(([, , each]) => each ?? '')
          // REFERENCES node without a column means its primary key
          return [
            id,
            target,
            column,
            its === '' ? (keyOf[place] ?? null) : its,
            onDelete,
            putOff.get(among(columns)) ?? null,
          ]
        }),
      ),
      clauses,
    ),
    comment: /-- (pillion tree .*)$/m.exec(sql)?.[1],
  }
}
