/**
 * A tree in a table, as plain frozen data: which columns are a node's key, which point to its parent, and where the links
 * to all of its ancestors are kept.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { linkNames } from './names.js'

/** The engines whose triggers pillion writes. */
export type TreeDialect = 'postgres' | 'mariadb' | 'sqlite'

/** A table with a tree in it, as far as the tree must know it. What pillion reflects is one. */
export interface TreeTable {
  /** Where the table lives; empty on SQLite. */
  readonly schema: string
  readonly name: string
  readonly columns: readonly TreeTableColumn[]
  readonly primaryKey?: TreeKeyOf
  readonly foreignKeys: readonly TreeForeignKey[]
  readonly indexes?: readonly { readonly keys: readonly object[]; readonly unique?: boolean; readonly where?: string }[]
  readonly uniques?: readonly TreeKeyOf[]
  /** PostgreSQL: its rows are in partitions. */
  readonly partitioned?: boolean
  /** SQLite: a name of the number of its rows, where that is not the primary key. */
  readonly rowid?: string
}

/** A column, as far as the tree must know it. */
export interface TreeTableColumn {
  readonly name: string
  readonly sqlType: string
  readonly nullable: boolean
  /** PostgreSQL: its collation, as SQL writes it, where it is not the database's own. */
  readonly collate?: string
  /** PostgreSQL: what compares its values is an extension's own, as that of citext. */
  readonly compared?: 'elsewhere'
}

/** A primary key, or another unique one. */
export interface TreeKeyOf {
  readonly columns: readonly string[]
  /** Two rows may have one key for a while, until the statement or the transaction is over. */
  readonly deferrable?: 'immediate' | 'deferred'
  /** SQLite: declared ON CONFLICT REPLACE, so that a row takes the place of another without being told to. */
  readonly onConflict?: 'replace'
  /** SQLite: how its index compares each column, where that is otherwise than the columns do. */
  readonly collate?: readonly string[]
}

/** A foreign key, as far as a tree must know it. */
export interface TreeForeignKey {
  readonly columns: readonly string[]
  /** `schema.table`. */
  readonly target: string
  readonly targetColumns: readonly string[]
  readonly onDelete: 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default'
  readonly onUpdate?: TreeForeignKey['onDelete']
  readonly deferrable?: 'immediate' | 'deferred'
  /** True for NOT ENFORCED (PostgreSQL 18): nobody looks at it. */
  readonly notEnforced?: boolean
}

/** What is to be said of a tree; the rest is found in the table. */
export interface TreeOptions {
  /** The column that points to the parent, or several for a composite key, in the order of the key. */
  readonly parent: string | readonly string[]
  /** The table of links, to be made in the schema of the nodes' own. */
  readonly closure: string
  /** The key that `parent` points to; the primary key by default. */
  readonly key?: readonly string[]
  /**
   * Columns that are part of the key and of the pointer to the parent both, as `tenant_id` of (tenant_id, id) and
   * (tenant_id, parent_id): each value is a forest of its own, and links store it once.
   */
  readonly scope?: readonly string[]
  /** Keep the number of every node's descendants in a side table: `<closure>_count`. */
  readonly counts?: boolean
  /**
   * Foreign keys from the links to the nodes: twice the time of a bulk load. By default where rows may go that no trigger sees:
   * on MariaDB by another foreign key of the table's that cascades, on SQLite by REPLACE, which is refused so, where there is another unique key, of some rows only, too.
   */
  readonly foreignKeys?: boolean
  /** PostgreSQL: every writer of the tree runs at SERIALIZABLE, and others are refused. */
  readonly isolation?: 'serializable'
}

/** A column that links have in common with nodes. */
export interface TreeColumn {
  /** Its name in the table of nodes. */
  readonly name: string
  readonly sqlType: string
  readonly collate?: string
}

/** A tree, with everything that its triggers and its queries are written from. */
export interface TreeModel {
  readonly dialect: TreeDialect
  readonly schema: string
  readonly table: string
  /** Columns of key and pointer both. */
  readonly scope: readonly TreeColumn[]
  /** The rest of the key. */
  readonly key: readonly TreeColumn[]
  /** MariaDB: the names of all of these as the table's unique key has them, where that is not the scope and then the rest. */
  readonly referenced?: readonly string[]
  /** SQLite: other keys of whole columns, by which REPLACE may meet a row. */
  readonly others?: readonly TreeKeyOf[]
  /** PostgreSQL: rows may change their partition. */
  readonly partitioned?: true
  /** Where each column of `key` stands for the parent; any of them NULL: no parent. */
  readonly parent: readonly string[]
  readonly links: TreeLinks
  /** Who refuses a parent that is not there: the foreign key, at once or at commit, or the triggers. */
  readonly pointer: 'immediate' | 'deferred' | 'unchecked'
  /** Is there an index to find children by? */
  readonly indexed: boolean
  /** What the foreign key does to children of a node that goes. */
  readonly onDelete: TreeForeignKey['onDelete']
  readonly counts: boolean
  readonly foreignKeys: boolean
  readonly isolation: 'any' | 'serializable'
}

/** The table of links: one row for each node and each of its ancestors, and one for itself at a distance of 0. */
export interface TreeLinks {
  readonly name: string
  readonly node: readonly string[]
  readonly ancestor: readonly string[]
  readonly distance: string
}

/**
 * A tree over a table. Nothing is asked of a database: what is not in `table` is not known.
 *
 * ```ts
 * const model = treeModel('postgres', table, { parent: 'parent_id', closure: 'node_ancestry_link' })
 * model.links.ancestor     // ['ancestor_id']
 * ```
 *
 * @throws TREE_INVALID when the table has no key, or the columns are not those of a tree
 */
export function treeModel(dialect: TreeDialect, table: TreeTable, options: TreeOptions): TreeModel {
  const whole = options.key ?? table.primaryKey?.columns ?? []
  const pointer = typeof options.parent === 'string' ? [options.parent] : options.parent
  const scope = options.scope ?? whole.filter(name => pointer.includes(name))
  const key = whole.filter(name => !scope.includes(name))
  const parent = pointer.filter(name => !scope.includes(name))
  if (options.isolation === 'serializable' && dialect !== 'postgres')
    throw new PillionError('TREE_INVALID', 'Only on PostgreSQL is a tree for writers at SERIALIZABLE alone.', {
      hint: 'Leave isolation out: the locks are enough at every level here.',
    })
  check(table, options, { whole, scope, key, parent })
  if (dialect !== 'sqlite') checkThere(table, whole)
  checkNames(dialect, table, options)
  checkUnique(table, whole)
  const own = pointerKey(table, [...scope, ...key], [...scope, ...parent])
  const others = foreignKeysBeside(table, own, { whole, scope, key, parent })
  const changed = behindTriggers(dialect, table, others, { whole, scope, key, parent })
  if (changed !== undefined) checkBehind(dialect, table, own, options)
  if (dialect === 'mariadb') checkPointerAlone(table, others, parent)
  const referenced = dialect === 'mariadb' ? orderOfKey(table, [...scope, ...key]) : undefined
  const met = dialect === 'sqlite' ? otherKeys(table, whole) : []
  const column = (name: string): TreeColumn => {
    const { sqlType, collate } = table.columns.find(each => each.name === name) as TreeTableColumn
    return Object.freeze({ name, sqlType, ...(collate !== undefined && { collate }) })
  }
  return deepFrozen({
    dialect,
    schema: table.schema,
    table: table.name,
    scope: scope.map(column),
    key: key.map(column),
    ...(referenced && { referenced }),
    ...(met.length > 0 && { others: met }),
    ...(table.partitioned && { partitioned: true as const }),
    parent,
    links: {
      name: options.closure,
      node: linkNames('node', key),
      ancestor: linkNames('ancestor', key),
      distance: 'distance',
    },
    pointer: own === undefined ? 'unchecked' : deferrable(dialect, own) ? 'deferred' : 'immediate',
    // InnoDB makes an index for every foreign key
    indexed: hasIndex(table, [...scope, ...parent]) || (dialect === 'mariadb' && own !== undefined),
    onDelete: own?.onDelete ?? 'no action',
    counts: options.counts ?? false,
    foreignKeys: options.foreignKeys ?? changed !== undefined,
    isolation: options.isolation ?? 'any',
  })
}

/** PostgreSQL: SET CONSTRAINTS puts off what is looked at immediately, too, where it may be put off at all. */
const deferrable = (dialect: TreeDialect, { deferrable: when }: TreeForeignKey): boolean =>
  when === 'deferred' || (when === 'immediate' && dialect === 'postgres')

/** The foreign key from the pointer to the key, whatever the order of its columns. */
function pointerKey(table: TreeTable, key: readonly string[], pointer: readonly string[]): TreeForeignKey | undefined {
  const pairs = (from: readonly string[], to: readonly string[]): string =>
    JSON.stringify(from.map((name, i) => JSON.stringify([name, to[i]])).toSorted())
  const wanted = pairs(pointer, key)
  const id = table.schema === '' ? table.name : `${table.schema}.${table.name}`
  return table.foreignKeys.find(
    each =>
      !each.notEnforced &&
      (each.target === id || each.target === table.name) &&
      pairs(each.columns, each.targetColumns) === wanted,
  )
}

/** Of an index; an expression has no name. */
const columnsOf = ({ keys }: { readonly keys: readonly object[] }): readonly string[] =>
  keys.map(key => ('column' in key ? String(key.column) : ''))

/** An index that begins with these columns, in any order. */
function hasIndex({ indexes = [], uniques = [], primaryKey }: TreeTable, columns: readonly string[]): boolean {
  const led = [
    ...indexes.filter(({ where }) => where === undefined).map(columnsOf),
    ...[...uniques, ...(primaryKey ? [primaryKey] : [])].map(unique => unique.columns),
  ]
  return led.some(names => columns.every(column => names.slice(0, columns.length).includes(column)))
}

interface Columns {
  readonly whole: readonly string[]
  readonly scope: readonly string[]
  readonly key: readonly string[]
  readonly parent: readonly string[]
}

function check(table: TreeTable, { closure }: TreeOptions, { whole, scope, key, parent }: Columns): void {
  const refuse = (what: string, hint: string): never => {
    throw new PillionError('TREE_INVALID', what, { hint })
  }
  if (whole.length === 0)
    refuse(`The table ${table.name} has no primary key.`, 'Give it one, or name the columns of a unique key: key.')
  if (key.length === 0)
    refuse(
      `The pointer to the parent (${scope.join(', ')}) is the key itself.`,
      'Name the column that points to another row.',
    )
  const names = new Set(table.columns.map(column => column.name))
  const missing = [...whole, ...scope, ...parent].find(name => !names.has(name))
  if (missing !== undefined)
    refuse(`The table ${table.name} has no column ${missing}.`, 'Name the columns as they are in the database.')
  if (parent.length !== key.length) {
    refuse(
      `The key (${key.join(', ')}) and the pointer to the parent (${parent.join(', ')}) have not the same number of columns.`,
      'Name a column of the parent for each column of the key; those of both go into scope.',
    )
  }
  const both = parent.find(name => key.includes(name))
  if (both !== undefined)
    refuse(`The column ${both} is in the key, and points to the parent.`, 'Name it in scope, or take it out of one.')
  const wrong = parent.findIndex((name, i) => typeOf(table, name) !== typeOf(table, key[i] ?? ''))
  if (wrong >= 0) {
    refuse(
      `The column ${parent[wrong]} is ${typeOf(table, parent[wrong] ?? '')}, and ${key[wrong]}, which it points to, ${typeOf(table, key[wrong] ?? '')}.`,
      'Give both one type.',
    )
  }
  const apart = table.columns.find(({ name, compared }) => compared === 'elsewhere' && whole.includes(name))
  if (apart !== undefined)
    refuse(
      `The column ${apart.name} is ${apart.sqlType}, which an extension compares in its own way.`,
      'Triggers compare by what is PostgreSQL’s own. In place of citext take text with a nondeterministic collation.',
    )
  if (!parent.some(name => table.columns.find(each => each.name === name)?.nullable))
    refuse('No column of the pointer to the parent may be NULL, so there can be no root.', 'Drop its NOT NULL.')
  if (closure === table.name) refuse('The links cannot be in the table of the nodes.', 'Name another table: closure.')
}

/** A row that has no key can have no links. SQLite lets be NULL what any other holds for a key; triggers look there. */
function checkThere({ name, columns }: TreeTable, whole: readonly string[]): void {
  const nullable = columns.find(column => column.nullable && whole.includes(column.name))
  if (nullable === undefined) return
  throw new PillionError('TREE_INVALID', `The column ${nullable.name} of the key of ${name} may be NULL.`, {
    hint: 'A node without a key could not be linked: make it NOT NULL.',
  })
}

/** A trigger of SQLite's calls the row before and the row after so, and would take the table for one of them. */
function checkNames(dialect: TreeDialect, { name }: TreeTable, { closure }: TreeOptions): void {
  const taken = [name, closure].find(each => /^(old|new)$/i.test(each))
  if (dialect !== 'sqlite' || taken === undefined) return
  throw new PillionError('TREE_INVALID', `A table called ${taken} is no other than a row to SQLite’s triggers.`, {
    hint: 'Name the table otherwise: ALTER TABLE … RENAME TO.',
  })
}

/**
 * What takes rows away without a trigger that would see it: on MariaDB foreign keys to other tables, on SQLite REPLACE, of a row
 * that has another key in common. The links' own foreign keys go with the rows there, and keep them here.
 */
function behindTriggers(
  dialect: TreeDialect,
  table: TreeTable,
  others: readonly TreeForeignKey[],
  { whole, parent }: Columns,
): object | undefined {
  if (dialect === 'sqlite')
    return keysBeside(table, whole)[0] ?? table.indexes?.find(({ unique, where }) => unique && where !== undefined)
  const touches = (columns: readonly string[]): boolean => columns.some(name => [...whole, ...parent].includes(name))
  return dialect === 'mariadb'
    ? others.find(each => each.onDelete === 'cascade' || (changes(each) && touches(each.columns)))
    : undefined
}

/** All but that of the pointer, and those from it to anchors, which each installed tree has of its own. */
function foreignKeysBeside(
  { foreignKeys }: TreeTable,
  own: TreeForeignKey | undefined,
  { whole }: Columns,
): readonly TreeForeignKey[] {
  const sorted = (columns: readonly string[]): string => JSON.stringify(columns.toSorted())
  const anchors = ({ columns, target, targetColumns }: TreeForeignKey): boolean =>
    own !== undefined &&
    sorted(columns) === sorted(own.columns) &&
    sorted(targetColumns) === sorted(whole) &&
    /_anchor(_[0-9a-z]+)?$/.test(target)
  return foreignKeys.filter(each => each !== own && !anchors(each))
}

/** Does it give columns another value, and leave the row? */
const changes = ({ onDelete, onUpdate = 'no action' }: TreeForeignKey): boolean =>
  onDelete.startsWith('set') || onUpdate === 'cascade' || onUpdate.startsWith('set')

/** Links hold on to a node’s key, but not to its pointer: InnoDB would move a node, and tell no one. */
function checkPointerAlone({ name }: TreeTable, others: readonly TreeForeignKey[], parent: readonly string[]): void {
  const key = others.find(each => changes(each) && each.columns.some(column => parent.includes(column)))
  if (key === undefined) return
  throw new PillionError(
    'TREE_INVALID',
    `A foreign key of ${name} to ${key.target} changes the pointer to the parent, and InnoDB fires no trigger for that.`,
    { hint: 'Make that foreign key ON DELETE RESTRICT ON UPDATE RESTRICT; its rows may go by CASCADE.' },
  )
}

/** SQLite: keys that are not the tree's own, or compare otherwise. */
function keysBeside(
  { primaryKey, uniques = [], indexes = [] }: TreeTable,
  whole: readonly string[],
): readonly TreeKeyOf[] {
  const unique: readonly TreeKeyOf[] = indexes
    .filter(index => index.unique && index.where === undefined)
    .map(index => ({ columns: columnsOf(index) }))
  const keys = [...(primaryKey ? [primaryKey] : []), ...uniques, ...unique]
  const own = JSON.stringify(whole.toSorted())
  return keys.filter(({ columns, collate }) => collate !== undefined || JSON.stringify(columns.toSorted()) !== own)
}

/** Those of whole columns, and the number of a row, by which it is not met unless it is said. */
const otherKeys = (table: TreeTable, whole: readonly string[]): readonly TreeKeyOf[] => [
  ...keysBeside(table, whole)
    .filter(({ columns }) => !columns.includes(''))
    .map(({ columns, collate, onConflict }) => ({
      columns,
      ...(collate && { collate }),
      ...(onConflict && { onConflict }),
    })),
  ...(table.rowid === undefined ? [] : [{ columns: [table.rowid] }]),
]

/** What even those cannot keep right. */
function checkBehind(
  dialect: TreeDialect,
  { name }: TreeTable,
  own: TreeForeignKey | undefined,
  { counts, foreignKeys }: TreeOptions,
): void {
  if (dialect !== 'mariadb' || foreignKeys === false) return
  const why = `A foreign key of ${name} deletes or changes its rows, and InnoDB fires no trigger for that:`
  if (own === undefined || own.onDelete.startsWith('set'))
    throw new PillionError('TREE_INVALID', `${why} what is below such a row would keep its links.`, {
      hint: 'Give the pointer to the parent a foreign key with ON DELETE CASCADE or RESTRICT, or the other one RESTRICT.',
    })
  if (counts)
    throw new PillionError('TREE_INVALID', `${why} counts cannot be kept.`, {
      hint: 'Do without counts, or make that foreign key ON DELETE RESTRICT.',
    })
}

/** InnoDB lets a foreign key point to columns in the order of an index only. Undefined where there is one in this order, or none. */
function orderOfKey(
  { primaryKey, uniques = [], indexes = [] }: TreeTable,
  whole: readonly string[],
): readonly string[] | undefined {
  const unique = indexes.filter(index => index.unique).map(columnsOf)
  const orders = [...[...(primaryKey ? [primaryKey] : []), ...uniques].map(({ columns }) => columns), ...unique].filter(
    columns => columns.length === whole.length && columns.every(column => whole.includes(column)),
  )
  return orders.some(columns => columns.every((column, i) => column === whole[i])) ? undefined : orders[0]
}

/** Links are of a key: each is of one node alone. Of what is not known nothing is said. */
function checkUnique({ name, primaryKey, uniques, indexes = [] }: TreeTable, whole: readonly string[]): void {
  if (uniques === undefined) return
  const unique = indexes.filter(index => index.unique && index.where === undefined).map(columnsOf)
  const keys: readonly TreeKeyOf[] = [
    ...(primaryKey ? [primaryKey] : []),
    ...uniques,
    ...unique.map(columns => ({ columns })),
  ]
  const found = keys.filter(
    ({ columns, collate }) =>
      collate === undefined && columns.length === whole.length && columns.every(column => whole.includes(column)),
  )
  if (found.some(({ onConflict }) => onConflict === 'replace'))
    throw new PillionError(
      'TREE_INVALID',
      `The key (${whole.join(', ')}) of ${name} is declared ON CONFLICT REPLACE.`,
      {
        hint: 'An UPDATE would give a node the key of another, whose row goes unseen. Say OR REPLACE in the statements instead.',
      },
    )
  if (found.some(({ deferrable: when }) => when === undefined)) return
  if (found.length > 0)
    throw new PillionError('TREE_INVALID', `The key (${whole.join(', ')}) of ${name} is deferrable.`, {
      hint: 'Two nodes could have one key for a while, and one set of links. Make it NOT DEFERRABLE.',
    })
  throw new PillionError('TREE_INVALID', `Nothing keeps (${whole.join(', ')}) of ${name} unique.`, {
    hint: 'Make a unique key of these columns, or name those of another: key.',
  })
}

function typeOf({ columns }: TreeTable, name: string): string {
  return (columns.find(each => each.name === name)?.sqlType ?? '').toLowerCase()
}

function deepFrozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFrozen(part)
  return Object.freeze(value)
}
