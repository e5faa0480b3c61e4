/**
 * What a query means, without SQL: nested loops over arrays, three-valued logic, NULLs in their place. It shares no code
 * with what it checks.
 *
 * @module
 */
import {
  basesOfField,
  basesOfRef,
  basesOfTest,
  type Comparison,
  type Description,
  type Field,
  isSemi,
  type JoinSketch,
  joinAt,
  type Key,
  lineage,
  type Literal,
  type Place,
  type Ref,
  tablesOf,
  type Test,
} from './description.js'
import type { Manner } from './manner.js'
import {
  columnOf,
  relationOf,
  type Row,
  type TableName,
  type Tables,
  type Type,
  type Value,
  world,
} from './small-world.js'

/** A joined row, and for a many-to-many the junction's. Absent under a left join without a match. */
interface Joined {
  readonly row: Row | null
  readonly link: Row | null
}

/** One combination of rows: what each base stands for. */
export interface Combination {
  readonly at: Readonly<Record<number, Joined>>
}

type Truth = boolean | null

interface Local {
  readonly row: Row | null
  readonly table: TableName
  /** The base it is, if one. */
  readonly base?: number
}

/** The rows of a query. */
export function rowsOf(description: Description, tables: Tables, manner: Manner): readonly unknown[] {
  const { limit, offset = 0 } = description
  return evaluate(description, tables, manner)
    .sorted(description.order)
    .slice(offset, limit === undefined ? undefined : offset + limit)
}

/** The rows in the order of pages: by the query's keys, then by those of the root and of every expanded handle. */
export function pagedRowsOf(description: Description, tables: Tables, manner: Manner): readonly unknown[] {
  return evaluate(description, tables, manner).inTotalOrder()
}

/** The primary keys of the roots that come back, one a row. */
export function rootsOf(description: Description, tables: Tables, manner: Manner): readonly Value[] {
  return evaluate(description, tables, manner).combinations.map(({ at }) => at[0]?.row?.['id'] as Value)
}

function evaluate(given: Description, tables: Tables, manner: Manner) {
  const { description, active, steps } = grounded(given)
  const required = new Set(description.require.flatMap(base => lineage(description, base)))

  const tableOf = (base: number): TableName =>
    base === 0 ? description.root : relationOf(parentTable(base), joinAt(description, base).relation).to
  const parentTable = (base: number) => tableOf(joinAt(description, base).parent.base as number)

  // --- places ------------------------------------------------------------------------------------------------

  function related(row: Row | null, table: TableName, name: string): readonly Joined[] {
    const { to, keys, through } = relationOf(table, name)
    const [own, other] = keys
    const value = row?.[own] ?? null
    if (value === null) return []
    if (through === undefined) {
      return tables[to].filter(each => each[other] === value).map(each => ({ row: each, link: null }))
    }
    const [toTarget, target] = through.keys
    return tables[through.table]
      .filter(link => link[other] === value)
      .flatMap(link => tables[to].filter(each => each[target] === link[toTarget]).map(each => ({ row: each, link })))
  }

  function locate({ base, path }: Place, { at }: Combination, it: Local | undefined): Local {
    const of = (known: number): Local => ({ row: at[known]?.row ?? null, table: tableOf(known), base: known })
    return path.reduce<Local>(
      ({ row, table, base: from }, relation) => {
        const joined = from === undefined ? undefined : steps.get(stepName(from, relation))
        if (joined !== undefined) return of(joined)
        return { row: related(row, table, relation)[0]?.row ?? null, table: relationOf(table, relation).to }
      },
      base === 'it' ? (it as Local) : of(base),
    )
  }

  function read({ at, column }: Ref, combination: Combination, it: Local | undefined): readonly [Value, Type] {
    const { row, table } = locate(at, combination, it)
    return [row?.[column] ?? null, columnOf(table, column).type]
  }

  function side(of: Ref | Literal, combination: Combination, it: Local | undefined): readonly [Value, Type] {
    return 'literal' in of ? [of.literal, of.type] : read(of, combination, it)
  }

  function relatedTo(
    at: Place,
    relation: string,
    where: Test | undefined,
    combination: Combination,
    it: Local | undefined,
  ): readonly Local[] {
    const { row, table } = locate(at, combination, it)
    const { to } = relationOf(table, relation)
    return related(row, table, relation)
      .map(each => ({ row: each.row, table: to }))
      .filter(each => where === undefined || truth(where, combination, each) === true)
  }

  // --- truth -------------------------------------------------------------------------------------------------

  function truth(test: Test, combination: Combination, it?: Local): Truth {
    switch (test.is) {
      case 'compare': {
        const [a, type] = read(test.left, combination, it)
        const [b] = side(test.right, combination, it)
        return a === null || b === null ? null : holds(test.by, order(manner, type, a, b))
      }
      case 'distinct': {
        const [a] = read(test.left, combination, it)
        const [b] = side(test.right, combination, it)
        return (a === b) === test.negated
      }
      case 'null':
        return (read(test.of, combination, it)[0] === null) !== test.negated
      case 'in': {
        const [a] = read(test.of, combination, it)
        if (test.values.length === 0) return test.negated
        return a === null ? null : test.values.some(each => each.literal === a) !== test.negated
      }
      case 'present':
        return (locate(test.at, combination, it).row !== null) !== test.negated
      case 'and':
        return all(test.of.map(each => truth(each, combination, it)))
      case 'or':
        return opposite(all(test.of.map(each => opposite(truth(each, combination, it)))))
      case 'not':
        return opposite(truth(test.of, combination, it))
      case 'exists':
        return relatedTo(test.at, test.relation, test.where, combination, it).length > 0
      case 'none':
        return relatedTo(test.at, test.relation, test.where, combination, it).length === 0
      case 'every':
        return relatedTo(test.at, test.relation, undefined, combination, it).every(
          each => truth(test.where, combination, each) === true,
        )
      case 'counted':
        return holds(test.by, relatedTo(test.at, test.relation, test.where, combination, it).length - test.number)
    }
  }

  // --- joins -------------------------------------------------------------------------------------------------

  function isSemiTop(base: number): boolean {
    return isSemi(description, base) && !isSemi(description, joinAt(description, base).parent.base as number)
  }

  function childrenOf(base: number): readonly number[] {
    return active.filter(each => joinAt(description, each).parent.base === base && !isSemiTop(each))
  }

  /** Every way to join a base and what hangs below it. */
  function matches(base: number, combination: Combination): readonly Combination[] {
    const join = joinAt(description, base)
    const { row } = locate(join.parent, combination, undefined)
    const found = related(row, parentTable(base), join.relation)
    const isFirst = join.kind === 'first'
    const satisfied = (each: Combination, it: Local) => join.on.every(test => truth(test, each, it) === true)
    const chosen = isFirst ? firstOf(base, found, it => satisfied(combination, it)) : found
    return chosen.flatMap(joined => {
      const self: Combination = { at: { ...combination.at, [base]: joined } }
      const it: Local = { row: joined.row, table: tableOf(base), base }
      return joinAll(childrenOf(base), [self]).filter(each => isFirst || satisfied(each, it))
    })
  }

  function firstOf(base: number, found: readonly Joined[], satisfied: (it: Local) => boolean): readonly Joined[] {
    const { order: keys } = joinAt(description, base)
    const nowhere: Combination = { at: {} }
    const local = ({ row }: Joined): Local => ({ row, table: tableOf(base) })
    const value = (joined: Joined, { of }: Key) => read(of, nowhere, local(joined))
    return found
      .filter(each => satisfied(local(each)))
      .toSorted((a, b) => compareBy(manner, keys, key => [value(a, key), value(b, key)]))
      .slice(0, 1)
  }

  function join(base: number, combination: Combination): readonly Combination[] {
    const found = matches(base, combination)
    const { kind } = joinAt(description, base)
    const keeps = (kind === 'left' || kind === 'first') && !required.has(base)
    return keeps && found.length === 0 ? [{ at: { ...combination.at, [base]: { row: null, link: null } } }] : found
  }

  function joinAll(bases: readonly number[], combinations: readonly Combination[]): readonly Combination[] {
    return bases.reduce((sofar, base) => sofar.flatMap(each => join(base, each)), combinations)
  }

  const ofSemi = (test: Test) => basesOfTest(test).some(base => isSemi(description, base))
  const plain = description.where.filter(test => !ofSemi(test))
  const semi = description.where.filter(ofSemi)
  const semiTops = active.filter(isSemiTop)

  function isSatisfied(combination: Combination): boolean {
    return (
      plain.every(test => truth(test, combination) === true) &&
      joinAll(semiTops, [combination]).some(each => semi.every(test => truth(test, each) === true))
    )
  }

  const roots = tables[description.root].map((row): Combination => ({ at: { 0: { row, link: null } } }))
  const combinations = joinAll(childrenOf(0), roots).filter(isSatisfied)

  // --- fields ------------------------------------------------------------------------------------------------

  function fieldsOf(fields: readonly Field[], combination: Combination, it?: Local): unknown {
    return Object.fromEntries(fields.map((each, i) => [`f${i}`, field(each, combination, it)]))
  }

  function field(of: Field, combination: Combination, it: Local | undefined): unknown {
    switch (of.get) {
      case 'column': {
        const [value, type] = read(of.of, combination, it)
        return arriving(manner, type, value)
      }
      case 'nest': {
        const { row, table } = locate(of.at, combination, it)
        return row && pick(manner, row, table, of.columns)
      }
      case 'row': {
        const { row, table } = locate(of.at, combination, it)
        return row && pick(manner, row, table, Object.keys(world[table].columns))
      }
      case 'test':
        return truth(of.of, combination, it)
      case 'list': {
        const found = relatedTo(of.at, of.relation, of.where, combination, it)
        const value = (local: Local, key: Key) => read(key.of, combination, local)
        return found
          .toSorted((a, b) => compareBy(manner, of.order, key => [value(a, key), value(b, key)]))
          .slice(0, of.limit)
          .map(each => fieldsOf(of.fields, combination, each))
      }
      case 'count':
        return relatedTo(of.at, of.relation, of.where, combination, it).length
      default: {
        const found = relatedTo(of.at, of.relation, of.where, combination, it)
        const table = relationOf(locate(of.at, combination, it).table, of.relation).to
        const values = found.map(each => each.row?.[of.column] ?? null).filter(each => each !== null)
        return folded(manner, of.get, columnOf(table, of.column).type, values)
      }
    }
  }

  // --- order -------------------------------------------------------------------------------------------------

  function sorted(keys: readonly Key[]): readonly unknown[] {
    return combinations
      .toSorted((a, b) => compareBy(manner, keys, ({ of }) => [read(of, a, undefined), read(of, b, undefined)]))
      .map(each => fieldsOf(description.fields, each))
  }

  function inTotalOrder(): readonly unknown[] {
    const ties = [0, ...active.filter(base => joinAt(description, base).expanded)]
    const tie = (a: Combination, b: Combination) =>
      first(ties.map(base => () => compareKeys(manner, keyOf(base, a), keyOf(base, b))))
    const keyed = (a: Combination, b: Combination) =>
      compareBy(manner, description.order, ({ of }) => [read(of, a, undefined), read(of, b, undefined)])
    return combinations.toSorted((a, b) => keyed(a, b) || tie(a, b)).map(each => fieldsOf(description.fields, each))
  }

  function keyOf(base: number, { at }: Combination): readonly (readonly [Value, Type])[] {
    const through = base === 0 ? undefined : relationOf(parentTable(base), joinAt(description, base).relation).through
    const table = through?.table ?? tableOf(base)
    const row = through === undefined ? at[base]?.row : at[base]?.link
    return world[table].key.map(name => [row?.[name] ?? null, columnOf(table, name).type])
  }

  return { combinations, sorted, inTotalOrder }
}

function stepName(base: number, relation: string): string {
  return `${base}.${relation}`
}

/**
 * The same query where the to-one relations that joins hang off are joins themselves: an inner join below a left one is
 * there together with it or not at all.
 */
function grounded(description: Description) {
  const steps = new Map<string, number>()
  const added: JoinSketch[] = []
  const step = (base: number, table: TableName, relation: string): number => {
    const name = stepName(base, relation)
    const known = steps.get(name)
    if (known !== undefined) return known
    const { nullable } = columnOf(table, relationOf(table, relation).keys[0])
    const kind = nullable ? 'left' : 'inner'
    added.push({ kind, parent: { base, path: [] }, relation, on: [], order: [], expanded: false })
    steps.set(name, description.joins.length + added.length)
    return description.joins.length + added.length
  }
  const tableNames = tablesOf(description)
  const explicit = activeBases(description)
  const joins = description.joins.map((join, i) => {
    if (!explicit.includes(i + 1)) return join
    let base = join.parent.base as number
    let table = tableNames[base] as TableName
    for (const relation of join.parent.path) {
      base = step(base, table, relation)
      table = relationOf(table, relation).to
    }
    return { ...join, parent: { base, path: [] } }
  })
  return {
    description: { ...description, joins: [...joins, ...added] },
    // an ON sees the to-one relations around it
    active: [...added.map((_, i) => description.joins.length + i + 1), ...explicit],
    steps,
  }
}

/** The bases whose joins stand in the statement: those mentioned, those above them, and those their ON mentions. */
function activeBases(description: Description): readonly number[] {
  const active = new Set<number>()
  const add = (mentioned: number): void => {
    for (const base of lineage(description, mentioned)) {
      if (active.has(base)) continue
      active.add(base)
      const { on } = joinAt(description, base)
      on.flatMap(basesOfTest).forEach(add)
    }
  }
  description.fields.flatMap(basesOfField).forEach(add)
  description.where.flatMap(basesOfTest).forEach(add)
  description.order.flatMap(key => basesOfRef(key.of)).forEach(add)
  description.require.forEach(add)
  description.joins.forEach(({ expanded }, i) => {
    if (expanded) add(i + 1)
  })
  return [...active].sort((a, b) => a - b)
}

// --- values ----------------------------------------------------------------------------------------------------

function all(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false
  return truths.includes(null) ? null : true
}

function opposite(truth: Truth): Truth {
  return truth === null ? null : !truth
}

function holds(by: Comparison, difference: number): boolean {
  switch (by) {
    case 'eq':
      return difference === 0
    case 'ne':
      return difference !== 0
    case 'lt':
      return difference < 0
    case 'lte':
      return difference <= 0
    case 'gt':
      return difference > 0
    case 'gte':
      return difference >= 0
  }
}

const statuses = ['open', 'held', 'closed']

function order({ labels }: Manner, type: Type, a: NonNullable<Value>, b: NonNullable<Value>): number {
  if (type === 'status' && labels === 'by place') return statuses.indexOf(a as string) - statuses.indexOf(b as string)
  const [x, y] = type === 'numeric' ? [cents(a as string), cents(b as string)] : [a, b]
  return x < y ? -1 : x > y ? 1 : 0
}

type Pair = readonly [readonly [Value, Type], readonly [Value, Type]]

function compareBy(manner: Manner, keys: readonly Key[], values: (key: Key) => Pair): number {
  return first(keys.map(key => () => compareOne(manner, key, values(key))))
}

// where they count as largest, going up NULLs are last, and going down first, unless the key says otherwise
function compareOne(manner: Manner, { descending, nulls }: Omit<Key, 'of'>, [[a, type], [b]]: Pair): number {
  if (a === null && b === null) return 0
  const nullsFirst = (nulls ?? (descending === (manner.nulls === 'largest') ? 'first' : 'last')) === 'first'
  if (a === null) return nullsFirst ? -1 : 1
  if (b === null) return nullsFirst ? 1 : -1
  return descending ? order(manner, type, b, a) : order(manner, type, a, b)
}

function compareKeys(
  manner: Manner,
  a: readonly (readonly [Value, Type])[],
  b: readonly (readonly [Value, Type])[],
): number {
  const up = { descending: false, nulls: undefined }
  return first(a.map((value, i) => () => compareOne(manner, up, [value, b[i] as readonly [Value, Type]])))
}

function first(comparisons: readonly (() => number)[]): number {
  for (const compare of comparisons) {
    const difference = compare()
    if (difference !== 0) return difference
  }
  return 0
}

function cents(numeric: string): bigint {
  return BigInt(numeric.replace('.', ''))
}

function decimal(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(3, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function folded(
  manner: Manner,
  by: 'sum' | 'min' | 'max' | 'avg',
  type: Type,
  values: readonly NonNullable<Value>[],
): unknown {
  if (values.length === 0) return null
  const ordered = values.toSorted((a, b) => order(manner, type, a, b))
  switch (by) {
    case 'min':
      return arriving(manner, type, ordered[0] as Value)
    case 'max':
      return arriving(manner, type, ordered.at(-1) as Value)
    case 'avg':
      return (values as readonly number[]).reduce((a, b) => a + b) / values.length
    case 'sum':
      if (type === 'int4') return (values as readonly number[]).reduce((a, b) => a + b)
      if (type === 'int8') return (values as readonly bigint[]).reduce((a, b) => a + b)
      return arriving(manner, type, decimal((values as readonly string[]).map(cents).reduce((a, b) => a + b)))
  }
}

/** A value as a query gives it. */
function arriving({ numerics }: Manner, type: Type, value: Value): unknown {
  if (type === 'numeric' && numerics === 'shortest' && value !== null) return String(Number(value))
  return type === 'timestamptz' && value !== null
    ? new Date((value as string).slice(0, 23).replace(' ', 'T') + 'Z')
    : value
}

function pick(manner: Manner, row: Row, table: TableName, columns: readonly string[]): unknown {
  return Object.fromEntries(
    columns.map(name => [name, arriving(manner, columnOf(table, name).type, row[name] ?? null)]),
  )
}
