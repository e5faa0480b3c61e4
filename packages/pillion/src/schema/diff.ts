/**
 * What differs between two catalogues: between a generated file and the live database, or two databases.
 *
 * @module
 */
import type { Catalog, Table } from './model.js'

/** One difference. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'changed'
  /** What it is: `table`, `column`, `foreign key`, `type`, … */
  readonly subject: string
  /** Which: `public.interview.title`. */
  readonly path: string
  /** Of a change, which property: `nullable`. */
  readonly property?: string
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * The differences from `before` to `after`, in the catalogue's order. A table that was added or removed is one
 * change, whatever it holds. The server's version, the numbering of columns and the layout of SQLite's CREATE do not
 * count; nor, between servers of two series, the text of a query that each keeps parsed and prints in its own words.
 *
 * @example
 * ```ts
 * diffCatalogs(parseSnapshot(committed), live)
 * // [{ kind: 'changed', subject: 'column', path: 'public.user.email', property: 'nullable', before: false, after: true }]
 * ```
 */
export function diffCatalogs(before: Catalog, after: Catalog): readonly Change[] {
  const changes = changesOf(before, after)
  return seriesOf(before) === seriesOf(after) ? changes : changes.filter(change => !isPrintedAnew(change))
}

/** 15 of PostgreSQL, 10.11 of MariaDB. */
const seriesOf = ({ version }: Catalog): number => Math.floor(version / 100)

/** A query of a view, in a policy, or of a routine that is kept as it was parsed. */
function isPrintedAnew({ subject, property = '', before, after }: Change): boolean {
  const holds = (words: RegExp): boolean => [before, after].every(text => words.test(String(text)))
  if (subject === 'policy') return holds(/\bSELECT\b/)
  return property === 'definition' && (subject === 'table' ? holds(/\bSELECT\b/i) : holds(/\bBEGIN ATOMIC\b/))
}

function changesOf(before: Catalog, after: Catalog): readonly Change[] {
  return [
    ...diffProperties('catalogue', after.dialect, before, after, [...listsOfCatalog, 'version']),
    ...diffNames('schema', before.schemas, after.schemas),
    ...diffLists('extension', extensionsOf(before), extensionsOf(after), extension => extension.name),
    ...diffLists('type', before.types, after.types, type => type.id),
    ...diffTables(before.tables, after.tables),
    ...diffLists('sequence', before.sequences, after.sequences, sequence => sequence.id),
    ...diffLists('routine', before.routines, after.routines, r => `${r.schema}.${r.name}(${r.arguments})`),
  ]
}

function extensionsOf({ extensions, extensionSchemas = {} }: Catalog): readonly Extension[] {
  return extensions.map(name => ({ name, schema: extensionSchemas[name] }))
}

interface Extension {
  readonly name: string
  readonly schema: string | undefined
}

/**
 * Changes as lines for people.
 *
 * @example
 * ```ts
 * describeDiff(changes)
 * // + table public.note
 * // - column public.user.nick
 * // ~ column public.user.email: nullable false -> true
 * ```
 */
export function describeDiff(changes: readonly Change[]): string {
  const inSql = new Set(changes.flatMap(({ property, path }) => (property === 'sqlType' ? [path] : [])))
  // a type in the words of SQL says to people what the same as data does
  const told = changes.filter(({ property, path }) => property !== 'type' || !inSql.has(path))
  return told.map(describeChange).join('\n')
}

function describeChange({ kind, subject, path, property, before, after }: Change): string {
  switch (kind) {
    case 'added':
      return `+ ${subject} ${path}`
    case 'removed':
      return `- ${subject} ${path}`
    case 'changed':
      return `~ ${subject} ${path}: ${property} ${describeValue(before)} -> ${describeValue(after)}`
  }
}

function describeValue(value: unknown): string {
  return value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value)
}

const listsOfCatalog = ['schemas', 'extensions', 'extensionSchemas', 'tables', 'types', 'sequences', 'routines']
const membersOfTable: readonly (readonly [list: keyof Table, subject: string])[] = [
  ['columns', 'column'],
  ['uniques', 'unique constraint'],
  ['foreignKeys', 'foreign key'],
  ['checks', 'check'],
  ['exclusions', 'exclusion constraint'],
  ['indexes', 'index'],
  ['triggers', 'trigger'],
  ['policies', 'policy'],
]

function diffTables(before: readonly Table[], after: readonly Table[]): readonly Change[] {
  const skipped = [...membersOfTable.map(([list]) => list), 'relations', 'primaryKey', 'sql']
  return diffBy(
    before,
    after,
    table => table.id,
    'table',
    (a, b) => [
      ...diffProperties('table', a.id, a, b, skipped),
      ...diffProperties('table', a.id, { columnOrder: commonColumns(a, b) }, { columnOrder: commonColumns(b, a) }, []),
      ...diffLists('primary key', listOf(a.primaryKey), listOf(b.primaryKey), key => `${a.id}.${key.name}`),
      ...membersOfTable.flatMap(([list, subject]) =>
        diffLists(subject, membersOf(a, list), membersOf(b, list), member => `${a.id}.${member.name}`),
      ),
      ...diffLists('relation', a.relations, b.relations, relation => `${a.id}.${relation.key}`),
    ],
  )
}

const listOf = <T>(item: T | undefined): readonly T[] => (item === undefined ? [] : [item])

const membersOf = (table: Table, list: keyof Table): readonly { readonly name: string }[] =>
  table[list] as readonly { readonly name: string }[]

function commonColumns(table: Table, other: Table): readonly string[] {
  const others = new Set(other.columns.map(column => column.name))
  return table.columns.map(column => column.name).filter(name => others.has(name))
}

function diffNames(subject: string, before: readonly string[], after: readonly string[]): readonly Change[] {
  return diffBy(
    before,
    after,
    name => name,
    subject,
    () => [],
  )
}

function diffLists<T extends object>(
  subject: string,
  before: readonly T[],
  after: readonly T[],
  pathOf: (item: T) => string,
): readonly Change[] {
  return diffBy(before, after, pathOf, subject, (a, b) => diffProperties(subject, pathOf(a), a, b, ['position']))
}

function diffBy<T>(
  before: readonly T[],
  after: readonly T[],
  pathOf: (item: T) => string,
  subject: string,
  compare: (before: T, after: T) => readonly Change[],
): readonly Change[] {
  const old = new Map(before.map(item => [pathOf(item), item]))
  const kept = new Set(after.map(pathOf))
  return [
    ...before
      .map(pathOf)
      .filter(path => !kept.has(path))
      .map(path => ({ kind: 'removed', subject, path }) as const),
    ...after.flatMap((item): readonly Change[] => {
      const path = pathOf(item)
      const was = old.get(path)
      return was === undefined ? [{ kind: 'added', subject, path }] : compare(was, item)
    }),
  ]
}

function diffProperties(
  subject: string,
  path: string,
  before: object,
  after: object,
  skipped: readonly string[],
): readonly Change[] {
  const was = new Map<string, unknown>(Object.entries(before))
  const is = new Map<string, unknown>(Object.entries(after))
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter(property => !skipped.includes(property) && !isEqual(was.get(property), is.get(property)))
    .map(property => ({
      kind: 'changed',
      subject,
      path,
      property,
      before: was.get(property),
      after: is.get(property),
    }))
}

/** Structural equality of plain data, in which a missing property and an undefined one are the same. */
function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  return diffProperties('', '', a, b, []).length === 0
}
