/**
 * What only the text of a CREATE TABLE says: names of constraints, checks, collations, expressions of generated
 * columns, deferral.
 *
 * @module
 */
import { insideOf, isGroup, isWord, type Item, itemsOf, nameAt, separated, textOf } from './tokens.js'

/** A clause of a column or of the table, in the order of the text. */
export interface Clause {
  readonly kind: 'primary key' | 'unique' | 'check' | 'foreign key'
  readonly name: string | undefined
  /** Of a check at a column, the column; else the columns it is over, as they are written. */
  readonly columns: readonly string[]
  /** Of a check. */
  readonly expression: string | undefined
  readonly deferrable: 'immediate' | 'deferred' | undefined
  /** Of a key: that a row which meets another takes its place. */
  readonly replaces: boolean
}

/** What a column's declaration says beside its type, default and NOT NULL. */
export interface ColumnWords {
  readonly collation?: string
  readonly generated?: string
}

export interface CreateTable {
  /** By name in lower case. */
  readonly columns: ReadonlyMap<string, ColumnWords>
  readonly clauses: readonly Clause[]
  readonly autoincrement: boolean
}

/** A clause as items, from its keyword on. */
interface Part {
  readonly name: string | undefined
  readonly keyword: string
  readonly items: readonly Item[]
}

const constraintWords = ['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'FOREIGN'] as const
const clauseWords = [...constraintWords, 'NOT', 'NULL', 'DEFAULT', 'COLLATE', 'REFERENCES', 'GENERATED', 'AS'] as const

/** Reads a CREATE TABLE that SQLite took, so one that is well formed. */
export function readCreateTable(sql: string): CreateTable {
  const body = itemsOf(sql).find(isGroup)
  const definitions = separated(body?.items ?? []).filter(items => items.length > 0)
  const columns = new Map<string, ColumnWords>()
  const clauses: Clause[] = []
  let autoincrement = false
  for (const definition of definitions) {
    const ofTable = isWord(definition[0], ...constraintWords)
    const column = ofTable ? undefined : nameAt(sql, definition[0])
    const parts = partsOf(sql, ofTable ? definition : definition.slice(1))
    if (column !== undefined) columns.set(column.toLowerCase(), columnWords(sql, parts))
    clauses.push(...parts.flatMap(part => clauseOf(sql, part, column)))
    autoincrement ||= parts.some(({ keyword, items }) => keyword === 'PRIMARY' && saysAutoincrement(items))
  }
  return { columns, clauses, autoincrement }
}

function saysAutoincrement(items: readonly Item[]): boolean {
  return items.some(item => (isGroup(item) ? saysAutoincrement(item.items) : isWord(item, 'AUTOINCREMENT')))
}

/** The clauses of one definition: a word starts one unless it belongs to the one before it. */
function partsOf(sql: string, items: readonly Item[]): readonly Part[] {
  const parts: Part[] = []
  let name: string | undefined
  let from = items.length
  let keyword = ''
  const close = (end: number): void => {
    if (keyword !== '') parts.push({ name, keyword, items: items.slice(from, end) })
    keyword = ''
  }
  for (let at = 0; at < items.length; at++) {
    const item = items[at] as Item
    if (!startsClause(items, at, keyword)) continue
    close(at)
    if (isWord(item, 'CONSTRAINT')) {
      name = nameAt(sql, items[++at])
      continue
    }
    if (parts.length > 0 && !isWord(items[at - 2], 'CONSTRAINT')) name = undefined
    keyword = (item as { readonly text: string }).text
    from = at
  }
  close(items.length)
  return parts
}

function startsClause(items: readonly Item[], at: number, open: string): boolean {
  const item = items[at]
  const before = items[at - 1]
  if (!isWord(item, ...clauseWords)) return false
  if (isWord(item, 'NULL', 'DEFAULT')) return !isWord(before, 'SET', 'NOT') && open !== 'DEFAULT'
  if (isWord(item, 'NOT')) return isWord(items[at + 1], 'NULL')
  if (isWord(item, 'AS')) return open !== 'GENERATED'
  return !(isWord(item, 'REFERENCES') && open === 'FOREIGN')
}

function columnWords(sql: string, parts: readonly Part[]): ColumnWords {
  const collation = parts.findLast(({ keyword }) => keyword === 'COLLATE')
  const generated = parts.find(({ keyword }) => keyword === 'GENERATED' || keyword === 'AS')?.items.find(isGroup)
  return {
    ...(collation && { collation: nameAt(sql, collation.items[1]) }),
    ...(generated && { generated: insideOf(sql, generated) }),
  }
}

const kinds: Readonly<Record<string, Clause['kind']>> = {
  PRIMARY: 'primary key',
  UNIQUE: 'unique',
  CHECK: 'check',
  REFERENCES: 'foreign key',
  FOREIGN: 'foreign key',
}

function clauseOf(sql: string, { name, keyword, items }: Part, column: string | undefined): readonly Clause[] {
  const kind = kinds[keyword]
  if (kind === undefined) return []
  const group = items.find(isGroup)
  const listed = separated(group?.items ?? []).map(([first]) => nameAt(sql, first))
  return [
    {
      kind,
      name,
      columns: column === undefined ? (kind === 'check' ? [] : listed) : [column],
      expression: kind === 'check' && group ? insideOf(sql, group) : undefined,
      deferrable: deferral(items),
      replaces: items.some((item, at) => isWord(item, 'CONFLICT') && isWord(items[at + 1], 'REPLACE')),
    },
  ]
}

function deferral(items: readonly Item[]): Clause['deferrable'] {
  const at = items.findIndex(item => isWord(item, 'DEFERRABLE'))
  if (at < 0 || isWord(items[at - 1], 'NOT')) return undefined
  return isWord(items[at + 1], 'INITIALLY') && isWord(items[at + 2], 'DEFERRED') ? 'deferred' : 'immediate'
}

/** What only the text of a CREATE INDEX says. */
export interface CreateIndex {
  /** Each key without its collation and order. */
  readonly expressions: readonly string[]
  readonly where: string | undefined
}

export function readCreateIndex(sql: string): CreateIndex {
  const items = itemsOf(sql)
  const at = items.findIndex(isGroup)
  const group = items[at]
  const keys = group !== undefined && isGroup(group) ? separated(group.items) : []
  const rest = items.slice(at + 1)
  return {
    expressions: keys.map(key => textOf(sql, withoutOrder(key))),
    where: isWord(rest[0], 'WHERE') ? textOf(sql, rest.slice(1)) : undefined,
  }
}

function withoutOrder(key: readonly Item[]): readonly Item[] {
  const unordered = isWord(key.at(-1), 'ASC', 'DESC') ? key.slice(0, -1) : key
  return isWord(unordered.at(-2), 'COLLATE') ? unordered.slice(0, -2) : unordered
}

/** The SELECT of a CREATE VIEW. */
export function selectOf(sql: string): string {
  const items = itemsOf(sql)
  return textOf(sql, items.slice(items.findIndex(item => isWord(item, 'AS')) + 1))
}

/** `USING fts5(title, body)` of a CREATE VIRTUAL TABLE. */
export function moduleOf(sql: string): string {
  const items = itemsOf(sql)
  return textOf(sql, items.slice(items.findIndex(item => isWord(item, 'USING'))))
}

/**
 * Names that a SELECT reads rows from, as they are written: those that follow FROM, JOIN, a comma or a parenthesis,
 * so never too few.
 */
export function namesRead(sql: string): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (items: readonly Item[]): void => {
    items.forEach((item, at) => {
      if (isGroup(item)) return visit(item.items)
      const before = items[at - 1]
      const opens = before === undefined || isWord(before, 'FROM', 'JOIN') || textOf(sql, [before]) === ','
      const qualified = before !== undefined && textOf(sql, [before]) === '.'
      if (opens || qualified) names.add(nameAt(sql, item).toLowerCase())
    })
  }
  visit(itemsOf(sql))
  return names
}
