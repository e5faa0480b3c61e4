/**
 * Ways from one table to another, from foreign keys, in both directions, and through junctions.
 *
 * How they are named, before camel-casing:
 *
 * - *To one*, on the table with the key: the column without `_id` or `_uuid` (`user_id` → `user`). A column
 *   that ends in neither, or a composite key: the target's name in the singular. So it is called, too, where
 *   it is to many, for the columns it leads to are no key.
 * - *Back*, on the table that the key points to: the source's name in the plural (`posts`), or in the singular
 *   where the key's columns hold a primary key or a unique, for then there is at most one. Where several keys
 *   lead from one table to another: `posts_by_author`, `posts_by_reviewer`.
 * - *Many to many*, where a primary key or a unique of a junction is the union of exactly two foreign keys: the
 *   far table's name in the plural (`labels`); on one and the same table, the far key's name (`followers`). The
 *   junction keeps its own relations.
 *
 * A name that is taken gives way to a longer one, and never a number: a column keeps its name before any
 * relation, a name from an earlier pull before a new one, to one before back, back before many to many; of
 * two equals both give way. The last resort is the constraint's own name. So names depend on names alone,
 * never on an order of rows.
 *
 * A partition's keys that are its parent's give relations to the parent alone.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { findsWhatIsThere, type KeyEnd, staysApart } from './comparison.js'
import { plural, singular } from './english.js'
import { groupBy } from './group.js'
import { holdsKey, keysOfTable } from './keys.js'
import type { Catalog, ForeignKey, Names, Relation, Table } from './model.js'
import { keyOf } from './names.js'
import type { Overrides, RelationNames, VirtualRelation } from './overrides.js'

/** What relations are named by, beside the catalog. */
export interface RelationOptions {
  readonly overrides?: Overrides
  /** An earlier pull: its names stay with their constraints, though a new key would now take them. */
  readonly previous?: Catalog
}

/** A relation and the names it could have, best first. */
interface Candidate {
  readonly relation: Omit<Relation, 'key'>
  readonly names: readonly string[]
  /** Smaller keeps a name before larger. */
  readonly rank: number
}

/** A foreign key whose both ends are in the catalog. */
interface Link {
  readonly key: ForeignKey
  readonly id: string
  readonly source: Table
  readonly target: Table
  /** Does the way along the key lead to one row? A relation that no key declares is taken at its word. */
  readonly toOne: boolean
  /** Does the way back lead to one row? */
  readonly fromOne: boolean
  /** May a row have none at the other end of the key? */
  readonly optional: boolean
  /** What the way along the key is called, when nothing is in its way. */
  readonly name: string
}

const ranks = { told: 0, kept: 1, one: 2, back: 3, through: 4 } as const

/**
 * The catalog with the relations of every table.
 *
 * @throws OVERRIDE_INVALID when an override names a key, table or column that is not there, or a name that is taken.
 * @example withRelations(catalog, { overrides: { relations: { 'public.post.post_user_id_fkey': { to: 'author' } } } })
 */
export function withRelations(catalog: Catalog, { overrides = {}, previous }: RelationOptions = {}): Catalog {
  const links = linksOf(catalog, overrides.virtual ?? [])
  const pairs = junctions(links)
  const told = toldNames(overrides, links, pairs)
  const kept = previous?.names === catalog.names ? keptNames(previous) : new Map<string, string>()
  const candidates = new Map<string, Candidate[]>(catalog.tables.map(table => [table.id, []]))
  const offer = (table: Table, candidate: Candidate, toldName: string | undefined) => {
    const keptName = kept.size === 0 ? undefined : kept.get(identityOf(table.id, candidate.relation))
    candidates.get(table.id)?.push(settled(candidate, toldName, keptName))
  }
  const siblings = countBy(links, endsOf)
  for (const link of links) {
    offer(link.source, along(link, catalog.names), told.get(link.id)?.to)
    offer(link.target, back(link, siblings.get(endsOf(link)) !== 1, catalog.names), told.get(link.id)?.from)
  }
  for (const [near, far] of pairs) {
    const toldName = told.get(`${near.id}+${far.id}`)?.to ?? told.get(`${far.id}+${near.id}`)?.from
    offer(near.target, through(near, far, catalog.names), toldName)
  }
  return {
    ...catalog,
    tables: Object.freeze(
      catalog.tables.map(table =>
        Object.freeze({ ...table, relations: namedRelations(table, candidates.get(table.id) ?? []) }),
      ),
    ),
  }
}

function linksOf(catalog: Catalog, virtual: readonly VirtualRelation[]): readonly Link[] {
  const tables = new Map(catalog.tables.map(table => [table.id, table]))
  const link = (source: Table, key: ForeignKey, isTold: boolean): readonly Link[] => {
    const target = tables.get(key.target)
    if (target === undefined || key.inherited || key.period || !hasColumns(target, key.targetColumns)) return []
    const [here, there] = [
      { table: source, columns: key.columns },
      { table: target, columns: key.targetColumns },
    ]
    return [
      {
        key,
        id: `${source.id}.${key.name}`,
        source,
        target,
        toOne: isTold || isKey(there, here),
        fromOne: isKey(here, there),
        optional: mayLack(key, here, there),
        name: nameAlong(key, target),
      },
    ]
  }
  const isKey = (end: KeyEnd, other: KeyEnd): boolean =>
    holdsKey(end.table, end.columns) && staysApart(catalog.dialect, end, other)
  // nor is a key of a table with INHERITS children one of theirs, whose rows it shows
  const mayLack = (key: ForeignKey, here: KeyEnd, there: KeyEnd): boolean =>
    !key.validated ||
    here.table.inheritedBy !== undefined ||
    here.table.columns.some(column => column.nullable && key.columns.includes(column.name)) ||
    !findsWhatIsThere(catalog.dialect, here, there)
  return [
    ...catalog.tables.flatMap(table => table.foreignKeys.flatMap(key => link(table, key, false))),
    ...virtual.flatMap(relation => link(endOf(relation, tables), virtualKey(relation, tables), true)),
  ]
}

/** SQLite takes a foreign key to what is not there, and fails when a row is written. */
const hasColumns = (table: Table, names: readonly string[]): boolean =>
  names.every(name => table.columns.some(column => column.name === name))

const endsOf = ({ source, target }: Link): string => `${source.id} ${target.id}`

function countBy<Item>(items: readonly Item[], keyOfItem: (item: Item) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(keyOfItem(item), (counts.get(keyOfItem(item)) ?? 0) + 1)
  return counts
}

function toldNames(
  { relations = {}, virtual = [] }: Overrides,
  links: readonly Link[],
  pairs: readonly (readonly [near: Link, far: Link])[],
): ReadonlyMap<string, RelationNames> {
  const known = new Set([...links.map(link => link.id), ...pairs.map(([near, far]) => `${near.id}+${far.id}`)])
  const unknown = Object.keys(relations).find(id => !known.has(id))
  if (unknown !== undefined) {
    throw new PillionError(
      'OVERRIDE_INVALID',
      `relations are named by ${unknown}, which is no key between two tables`,
      {
        hint: 'Name keys as schema.table.constraint, a many-to-many by its two keys joined by +.',
      },
    )
  }
  return new Map([
    ...virtual.map(relation => [`${relation.table}.${relation.name}`, relation] as const),
    ...Object.entries(relations),
  ])
}

function endOf({ table, columns, name }: VirtualRelation, tables: ReadonlyMap<string, Table>): Table {
  const end = tables.get(table)
  const missing = end === undefined ? table : columns.find(column => !end.columns.some(own => own.name === column))
  if (end === undefined || missing !== undefined) {
    throw new PillionError(
      'OVERRIDE_INVALID',
      `the virtual relation ${name} joins ${table}, where ${missing} is missing`,
      {
        hint: 'Name tables as schema.table and columns by their names in the database.',
      },
    )
  }
  return end
}

function virtualKey(relation: VirtualRelation, tables: ReadonlyMap<string, Table>): ForeignKey {
  const { name, columns, target, targetColumns } = relation
  endOf({ ...relation, table: target, columns: targetColumns }, tables)
  return { name, columns, target, targetColumns, onUpdate: 'no action', onDelete: 'no action', validated: false }
}

/** The way along a key, without regard for what else is called so. */
function nameAlong(key: ForeignKey, target: Table): string {
  const [column = ''] = key.columns
  const stem = key.columns.length === 1 ? column.replace(/(_id|_uuid|(?<=\p{Ll})(Id|ID|Uuid))$/u, '') : ''
  return stem === '' || stem === column ? singular(target.name) : stem
}

const named = (names: readonly string[], style: Names): readonly string[] => names.map(name => keyOf(name, style))

function along({ key, id, target, toOne, optional, name }: Link, style: Names): Candidate {
  return {
    relation: {
      kind: toOne ? 'one' : 'many',
      target: target.id,
      columns: key.columns,
      targetColumns: key.targetColumns,
      optional: toOne && optional,
      constraint: id,
    },
    names: named([name, `${key.columns.join('_')}_${singular(target.name)}`, `${name}_${key.name}`], style),
    rank: ranks.one,
  }
}

function back({ key, id, source, target, fromOne, name }: Link, ambiguous: boolean, style: Names): Candidate {
  const short = fromOne ? singular(source.name) : plural(source.name)
  const long = `${short}_by_${name}`
  return {
    relation: {
      kind: fromOne ? 'one' : 'many',
      target: source.id,
      columns: key.targetColumns,
      targetColumns: key.columns,
      optional: fromOne,
      constraint: id,
    },
    names: named(
      [...(ambiguous ? [] : [short]), long, ...foreign(source, target, long), `${short}_by_${key.name}`],
      style,
    ),
    rank: ranks.back,
  }
}

/** A name with the schema before it, where that tells two tables of one name apart. */
const foreign = (table: Table, from: Table, name: string): readonly string[] =>
  table.schema === from.schema ? [] : [`${table.schema}_${name}`]

function through(near: Link, far: Link, style: Names): Candidate {
  const onItself = near.target.id === far.target.id
  const short = plural(onItself ? far.name : far.target.name)
  const long = `${short}_through_${near.source.name}`
  return {
    relation: {
      kind: 'many',
      target: far.target.id,
      columns: near.key.targetColumns,
      targetColumns: far.key.targetColumns,
      optional: false,
      constraint: `${near.id}+${far.id}`,
      through: Object.freeze({
        table: near.source.id,
        columns: near.key.columns,
        targetColumns: far.key.columns,
      }),
    },
    names: named([short, long, `${long}_by_${far.name}`, `${long}_by_${far.key.name}`], style),
    rank: ranks.through,
  }
}

/** Pairs of keys, both ways round, whose columns together are a key of their table. */
function junctions(links: readonly Link[]): readonly (readonly [near: Link, far: Link])[] {
  return [...groupBy(links, link => link.source)].flatMap(([table, own]) => {
    if (own.length < 2) return []
    const keys = keysOfTable(table)
    const pairs = own.flatMap((near, at) =>
      own.slice(at + 1).flatMap(far => (joinedByKey(keys, near, far) ? [[near, far] as const] : [])),
    )
    const [pair] = pairs
    return pair === undefined || pairs.length > 1 ? [] : [pair, [pair[1], pair[0]] as const]
  })
}

function joinedByKey(keys: readonly (readonly string[])[], near: Link, far: Link): boolean {
  const columns = new Set([...near.key.columns, ...far.key.columns])
  if (columns.size === near.key.columns.length || columns.size === far.key.columns.length) return false
  return keys.some(key => key.length === columns.size && key.every(column => columns.has(column)))
}

/**
 * Gives every candidate the first of its names that nobody better has. All who share a name step on together,
 * but for one who alone is of the best rank among them.
 */
function namedRelations(table: Table, candidates: readonly Candidate[]): readonly Relation[] {
  const columns = new Set(table.columns.map(column => column.key))
  let chosen: readonly Choice[] = candidates.map(candidate => ({ candidate, step: 0 }))
  for (;;) {
    const holders = groupBy(chosen, ({ candidate, step }) => nameAt(candidate, step))
    const yields = ({ candidate, step }: Choice): boolean => {
      const name = nameAt(candidate, step)
      if (columns.has(name)) return true
      const sharers = holders.get(name) ?? []
      return sharers.some(other => other.candidate !== candidate && other.candidate.rank <= candidate.rank)
    }
    const next = chosen.map(choice => (yields(choice) ? { ...choice, step: choice.step + 1 } : choice))
    if (next.every((choice, at) => choice === chosen[at])) break
    const stuck = next.find(({ candidate, step }) => candidate.rank === ranks.told && step > 0)
    if (stuck) throw nameTaken(table, stuck.candidate)
    chosen = next
  }
  return Object.freeze(
    chosen
      .map(({ candidate, step }) => Object.freeze({ key: nameAt(candidate, step), ...candidate.relation }))
      .sort((a, b) => (a.key < b.key ? -1 : 1)),
  )
}

interface Choice {
  readonly candidate: Candidate
  /** How many names it has given up. */
  readonly step: number
}

/** Past the last name comes the whole constraint; past that, where a column is called so, underscores. */
const nameAt = ({ names, relation }: Candidate, step: number): string =>
  names[step] ?? `${names.at(-1)}_${relation.constraint}${'_'.repeat(step - names.length)}`

function nameTaken(table: Table, { names, relation }: Candidate): PillionError {
  return new PillionError('OVERRIDE_INVALID', `${names[0]} is already taken on ${table.id}`, {
    hint: `Choose another name for the relation of ${relation.constraint}.`,
  })
}

const settled = (candidate: Candidate, told: string | undefined, kept: string | undefined): Candidate => {
  if (told !== undefined) return { ...candidate, names: [told], rank: ranks.told }
  return kept === undefined ? candidate : { ...candidate, names: [kept, ...candidate.names], rank: ranks.kept }
}

/** Whose relation it is, from which key, and which way. */
const identityOf = (table: string, { constraint, columns, targetColumns }: Omit<Relation, 'key'>): string =>
  `${table} ${constraint} ${columns.join()} ${targetColumns.join()}`

const keptNames = (previous: Catalog): ReadonlyMap<string, string> =>
  new Map(
    previous.tables.flatMap(table =>
      table.relations.map(relation => [identityOf(table.id, relation), relation.key] as const),
    ),
  )
