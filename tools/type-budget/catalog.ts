/**
 * A catalogue of any size, with the tables that `uses.ts` asks about in every one of them.
 *
 * @module
 */
import type { BaseType, Catalog, Column, ForeignKey, Relation, Table } from '../../packages/pillion/src/schema/model.js'

/** Two references a table, to tables earlier or later: a dense graph of relations, as real schemas have. */
interface Reference {
  readonly key: string
  readonly target: number
  /** The name of the way back. */
  readonly inverse: string
}

const columnTypes = ['int4', 'text', 'int4', 'timestamptz', 'bool', 'numeric', 'int8', 'jsonb', 'date', 'uuid'] as const

const known = [
  { name: 'interview', columns: ['id', 'title'] },
  { name: 'evaluation', columns: ['id', 'note', 'rating'] },
  { name: 'user', columns: ['id', 'username'] },
] as const

const interview = 0
const evaluation = 1
const user = 2

/** `size` tables of twelve columns, two of them keys, with relations both ways. */
export function catalogOf(size: number): Catalog {
  const references = Array.from({ length: size }, (_, index) => referencesOf(index, size))
  return {
    dialect: 'postgres',
    version: 180000,
    defaultSchema: 'public',
    names: 'database',
    schemas: ['public'],
    extensions: [],
    tables: references.map((own, index) => tableOf(index, own, references)),
    types: [],
    sequences: [],
    routines: [],
  }
}

function referencesOf(index: number, size: number): readonly Reference[] {
  if (index === evaluation)
    return [
      { key: 'interview', target: interview, inverse: 'evaluations' },
      { key: 'user', target: user, inverse: 'evaluations' },
    ]
  return [
    { key: 'first', target: (index * 7 + 1) % size, inverse: `${nameOf(index)}_firsts` },
    { key: 'second', target: (index * 3 + 2) % size, inverse: `${nameOf(index)}_seconds` },
  ]
}

function nameOf(index: number): string {
  return known[index]?.name ?? `table_${index}`
}

function tableOf(index: number, own: readonly Reference[], all: readonly (readonly Reference[])[]): Table {
  const name = nameOf(index)
  const id = `public.${name}`
  const plain = columnTypes.map((type, at) => columnOf(known[index]?.columns[at] ?? `column_${at}`, at, type))
  const keys = own.map(({ key }, at) => columnOf(`${key}_id`, plain.length + at, 'int4'))
  const foreignKeys = own.map(
    ({ key, target }): ForeignKey => ({
      name: `${name}_${key}_id_fkey`,
      columns: [`${key}_id`],
      target: `public.${nameOf(target)}`,
      targetColumns: ['id'],
      onUpdate: 'no action',
      onDelete: 'no action',
      validated: true,
    }),
  )
  return {
    id,
    schema: 'public',
    name,
    key: name,
    kind: 'table',
    columns: [...plain, ...keys],
    primaryKey: { name: `${name}_pkey`, columns: [plain[0]?.name ?? 'id'] },
    uniques: [],
    foreignKeys,
    checks: [],
    exclusions: [],
    indexes: [],
    triggers: [],
    policies: [],
    relations: [...own.map(reference => forward(name, reference)), ...backward(index, all)],
  }
}

function columnOf(name: string, position: number, typeName: string): Column {
  const type: BaseType = { kind: 'base', name: typeName }
  return { name, key: name, position: position + 1, type, sqlType: typeName, nullable: position % 4 === 3 }
}

function forward(from: string, { key, target }: Reference): Relation {
  return {
    key,
    kind: 'one',
    target: `public.${nameOf(target)}`,
    columns: [`${key}_id`],
    targetColumns: ['id'],
    optional: false,
    constraint: `public.${from}.${from}_${key}_id_fkey`,
  }
}

function backward(to: number, all: readonly (readonly Reference[])[]): Relation[] {
  return all.flatMap((references, from) =>
    references
      .filter(({ target }) => target === to)
      .map(
        ({ key, inverse }): Relation => ({
          key: inverse,
          kind: 'many',
          target: `public.${nameOf(from)}`,
          columns: ['id'],
          targetColumns: [`${key}_id`],
          optional: false,
          constraint: `public.${nameOf(from)}.${nameOf(from)}_${key}_id_fkey`,
        }),
      ),
  )
}
