/**
 * A catalogue as TypeScript: what `pillion reflect` writes.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { enumUnion, type NameOf, propertyName, rowLiteral, tsType } from './codec/ts-type.js'
import { type DeclaredNames, declareNames } from './emit-names.js'
import type { Catalog, Column, NamedType, Relation, Table } from './model.js'
import { parseSnapshot, writeSnapshot } from './snapshot.js'

/** How to write the file. */
export interface EmitTypesOptions {
  /** TypeScript types by id of a column (`public.user.settings`) or of a type (`public.mood`), as source text. */
  readonly types?: Readonly<Record<string, string>> | undefined
}

/**
 * The text of `db.gen.ts`: a type for every enumeration and row type, three interfaces for every table, `DB`, and
 * `tables`, built from `catalog`, the catalogue's snapshot. Equal catalogues give equal text.
 *
 * @example
 * ```ts
 * await writeFile('db.gen.ts', emitTypes(catalog, { types: { 'public.user.settings': 'import("./settings.js").Settings' } }))
 * ```
 */
export function emitTypes(catalog: Catalog, options: EmitTypesOptions = {}): string {
  const names = declareNames(catalog)
  const overrides = new Map(Object.entries(options.types ?? {}))
  const nameOf: NameOf = type => {
    const id = `${type.schema ?? 'pg_catalog'}.${type.name}`
    return overrides.get(id) ?? names.types.get(id)
  }
  const columnType = (table: Table, column: Column): string =>
    overrides.get(`${table.id}.${column.name}`) ?? tsType(column.type, nameOf)
  return [
    "// Written by pillion reflect. Do not edit: run it again.\nimport * as p from 'pillion'\n",
    ...catalog.types.map(type => declareType(type, names, nameOf)),
    ...catalog.tables.map(table => declareTable(table, names, columnType)),
    declareDatabase(catalog, names),
    `/** What the file was written from: \`pillion<DB>(host, { previous: catalog })\` keeps its names. */\n${catalogLine(catalog)}`,
    'export const tables: p.Roots<DB> = p.tables<DB>(catalog)\n',
  ]
    .filter(part => part !== '')
    .join('\n')
}

function declareType({ id, type, comment }: NamedType, names: DeclaredNames, nameOf: NameOf): string {
  const name = names.types.get(id)
  if (name === undefined) return ''
  const body = type.kind === 'enum' ? enumUnion(type) : type.kind === 'composite' ? rowLiteral(type, nameOf) : ''
  return `${doc(comment, '')}export type ${name} = ${body}\n`
}

function declareTable(
  table: Table,
  names: DeclaredNames,
  columnType: (table: Table, column: Column) => string,
): string {
  const name = names.tables.get(table.id) as string
  const types = table.columns.map(column => columnType(table, column))
  const rowMembers = table.columns.map(
    ({ key, nullable }, i) => `  ${propertyName(key)}: ${types[i]}${nullable ? ' | null' : ''}\n`,
  )
  const columns = table.columns.map(
    (column, i) =>
      `${doc(describeColumn(column), '  ')}  readonly ${propertyName(column.key)}: p.Column<${types[i]}${column.nullable ? ' | null' : ''} | N, S>\n`,
  )
  const relations = table.relations
    .filter(relation => names.tables.has(relation.target))
    .map(relation => `  readonly ${propertyName(relation.key)}: ${relationType(relation, names)}\n`)
  return [
    `${doc(table.comment, '')}export interface ${name}Row {\n${rowMembers.join('')}}\n`,
    `${doc(table.comment, '')}export interface ${name}<N = never, S extends p.Scope = 'joined'> extends p.Handle<${name}Kind, N, S> {\n`,
    `${columns.join('')}${relations.join('')}}\n`,
    `export interface ${name}Kind extends p.Kind {\n  readonly row: ${name}Row\n`,
    `  readonly handle: ${name}<this['nullable'], this['scope']>\n}\n`,
  ].join('')
}

function relationType({ kind, target, optional }: Relation, names: DeclaredNames): string {
  const name = names.tables.get(target)
  if (kind === 'many') return `p.Many<${name}Kind, N, S>`
  return optional ? `${name}<null, S>` : `${name}<N, S>`
}

function describeColumn(column: Column): string {
  return [
    column.comment,
    column.default !== undefined && `default ${column.default}`,
    column.generated && `generated ${column.generated.kind}: ${column.generated.expression}`,
    column.identity && `identity, ${column.identity}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

function declareDatabase(catalog: Catalog, names: DeclaredNames): string {
  const members = catalog.tables.map(({ key, id }) => `  readonly ${propertyName(key)}: ${names.tables.get(id)}\n`)
  return `/** Every table and view, by its key. */\nexport interface DB {\n${members.join('')}}\n`
}

function doc(text: string | undefined, indent: string): string {
  if (text === undefined || text.trim() === '') return ''
  const lines = text
    .trim()
    .replaceAll('*/', '*\\/')
    .split(/\r\n|[\n\r\u2028\u2029]/)
  return lines.length === 1
    ? `${indent}/** ${lines[0]} */\n`
    : `${indent}/**\n${lines.map(line => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}

const opening = 'p.parseSnapshot(`'

function catalogLine(catalog: Catalog): string {
  return `export const catalog: p.Catalog = ${opening}${escapeTemplate(writeSnapshot(catalog))}\`)\n`
}

function escapeTemplate(text: string): string {
  return text.replace(/\\|`|\$\{/g, '\\$&')
}

/**
 * The catalogue inside the text that `emitTypes` wrote, without running it.
 *
 * @throws SNAPSHOT_INVALID when the text carries none, or a damaged one.
 * @example
 * ```ts
 * diffCatalogs(readEmittedTypes(await readFile('db.gen.ts', 'utf8')), live)
 * ```
 */
export function readEmittedTypes(source: string): Catalog {
  const from = source.lastIndexOf(opening)
  const template = /^(?:[^\\`]|\\[^])*/.exec(source.slice(from + opening.length))?.[0]
  if (from < 0 || template === undefined)
    throw new PillionError('SNAPSHOT_INVALID', 'the file carries no snapshot', {
      hint: 'Is it a file that pillion reflect wrote? Write it again with pillion reflect --out.',
    })
  return parseSnapshot(template.replace(/\\([^])/g, '$1'))
}
