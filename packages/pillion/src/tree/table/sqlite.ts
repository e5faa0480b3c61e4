import { type Clause, type ColumnWords, readCreateIndex, readCreateTable } from '../../schema/sqlite/create-table.js'
import type { TreeKeyOf, TreeTable } from '../model.js'
import type { TreeRow } from '../session.js'
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

/** As CREATE TABLE says it: how a column compares belongs to its type here. */
function typed(sqlType: string, collation: string): string {
  return collation === 'BINARY' ? sqlType : `${sqlType} COLLATE "${collation.replaceAll('"', '""')}"`.trim()
}

/** Rows of an index: name, unique, origin, partial, column, collation, CREATE INDEX. */
function keyOf(rows: readonly TreeRow[], collationOf: (column: string) => string): TreeKeyOf {
  const columns = rows.map(row => row[4] ?? '')
  const collate = rows.map(row => (row[5] ?? '').toUpperCase())
  return { columns, ...(columns.some((column, i) => collationOf(column) !== collate[i]) && { collate }) }
}

const partial = (rows: readonly TreeRow[]): NonNullable<TreeTable['indexes']>[number] => ({
  keys: rows.map(row => ({ column: row[4] ?? '' })),
  unique: true,
  where: readCreateIndex(rows[0]?.[6] ?? '').where ?? '',
})

/** Finds a table of the main database. */
export const sqliteTable: TableReader = async (session, name) => {
  const [found] = await session.run(
    `SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') AND name = ?`,
    [name],
  )
  if (found === undefined) return undefined
  const [table = '', type = '', sql = ''] = found as readonly string[]
  const [[strict, withoutRowid] = []] = await session.run(
    `SELECT strict, wr FROM pragma_table_list WHERE schema = 'main' AND name = ?`,
    [table],
  )
  const columns = await session.run('SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid', [table])
  const primary = columns
    .filter(([, , , pk]) => pk !== '0')
    .toSorted((a, b) => Number(a[3]) - Number(b[3]))
    .map(([column]) => column ?? '')
  const indexes = await session.run(
    `SELECT l.name, l."unique", l.origin, l.partial, i.name, i.coll, m.sql
FROM pragma_index_list(?) AS l JOIN pragma_index_xinfo(l.name) AS i LEFT JOIN sqlite_master AS m ON m.type = 'index' AND m.name = l.name
WHERE i.key ORDER BY l.name, i.seqno`,
    [table],
  )
  const all = [...new Set(indexes.map(([index]) => index))].map(name => indexes.filter(([index]) => index === name))
  const foreignKeys = await session.run(
    `SELECT id, "table", "from", coalesce("to", ''), on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq`,
    [table],
  )
  const { clauses, columns: words } = /^CREATE\s+TABLE/i.test(sql)
    ? readCreateTable(sql)
    : { clauses: [], columns: new Map<string, ColumnWords>() }
  const collationOf = (column: string): string => (words.get(column.toLowerCase())?.collation ?? 'BINARY').toUpperCase()
  const putOff = deferrals(clauses)
  // as the table has it: a foreign key may write it otherwise
  const real = (column: string): string =>
    columns.map(([each]) => each ?? '').find(each => each.toLowerCase() === column.toLowerCase()) ?? column
  const ofKey = all.find(([first]) => first?.[2] === 'pk')
  const uniques = all.filter(([first]) => first?.[1] === '1' && first[2] !== 'pk')
  const keys = withConflicts(
    {
      ...gathered(
        [
          ...primary.map(column => ['primary', 'primary', column]),
          ...indexes
            .filter(([, unique, , partial]) => unique === '0' && partial === '0')
            .map(([index = null, , , , column = null]) => [index, 'index', column]),
        ],
        foreignKeys.map((row, i) => {
          const [id = null, target = '', column, its = '', onDelete = null] = row
          const place = foreignKeys.slice(0, i).filter(([other]) => other === id).length
          const columns = foreignKeys.filter(([other]) => other === id).map(([, , each]) => each ?? '')
          const own = target?.toLowerCase() === table.toLowerCase()
          return [
            id,
            own ? table : target,
            real(column ?? ''),
            // REFERENCES node without a column means its primary key
            its === '' ? (primary[place] ?? null) : own ? real(its ?? '') : its,
            onDelete,
            putOff.get(among(columns)) ?? null,
          ]
        }),
      ),
      uniques: uniques.filter(([first]) => first?.[3] === '0').map(rows => keyOf(rows, collationOf)),
    },
    clauses,
  )
  const rowid = ['rowid', '_rowid_', 'oid'].find(
    name => real(name) === name && !columns.some(([each]) => each === name),
  )
  return {
    schema: '',
    name: table,
    ...(type !== 'table' && { instead: 'a view' }),
    ...(/^CREATE\s+VIRTUAL/i.test(sql) && { instead: 'a virtual table' }),
    columns: columns.map(([column = null, sqlType, notNull, pk]) => ({
      name: column ?? '',
      // ANY of a STRICT table takes what comes; elsewhere that is a column without a type, and ANY makes numbers of text
      sqlType: typed(strict === '1' && /^any$/i.test(sqlType ?? '') ? '' : (sqlType ?? ''), collationOf(column ?? '')),
      nullable: notNull === '0' && pk === '0',
    })),
    ...keys,
    ...(keys.primaryKey && ofKey && { primaryKey: { ...keys.primaryKey, ...keyOf(ofKey, collationOf) } }),
    indexes: [...(keys.indexes ?? []), ...uniques.filter(([first]) => first?.[3] === '1').map(partial)],
    // INTEGER PRIMARY KEY is the rowid itself, and has no index
    ...(type === 'table' && withoutRowid === '0' && (ofKey || primary.length === 0) && rowid && { rowid }),
    comment: /-- (pillion tree .*)$/m.exec(sql)?.[1],
  }
}
