/**
 * Mistakes that query layers have made, each as a change to a description: what the negative controls are made of.
 *
 * @module
 */
import { type Description, isSemi, type JoinSketch, joinAt, tablesOf, type Test } from './description.js'
import { mainBases } from './queries.js'
import { relationOf, type TableName, tableAt } from './small-world.js'

/** A description where one base stands for another. */
export function renamed<T>(thing: T, from: unknown, to: unknown): T {
  if (typeof thing !== 'object' || thing === null) return thing
  if (Array.isArray(thing)) return thing.map(each => renamed(each, from, to)) as T
  return Object.fromEntries(
    Object.entries(thing).map(([key, value]) => [
      key,
      key === 'base' && value === from ? to : renamed(value, from, to),
    ]),
  ) as T
}

/** Every other condition on the semi handle speaks of a handle of its own. */
export function splitInTwo(description: Description): Description {
  const joins = [...description.joins, joinAt(description, 1)]
  return {
    ...description,
    joins,
    where: description.where.map((test, i) => (i % 2 ? renamed(test, 1, joins.length) : test)),
  }
}

/** A to-many join in the place of an EXISTS, required as an EXISTS is, also below a left join. */
export function semiAsJoin(description: Description): Description {
  const [semi, ...others] = description.joins
  const joins: readonly JoinSketch[] = [{ ...(semi as JoinSketch), kind: 'inner', expanded: true }, ...others]
  return { ...description, joins, require: [1] }
}

/** An inner join below a left one is written flat, so that it takes away what the left join kept. */
export function flattened(description: Description): Description {
  const inner = mainBases(description).filter(base => base !== 0 && joinAt(description, base).kind === 'inner')
  const mentioned = new Set(description.fields.flatMap(each => (each.get === 'column' ? [each.of.at.base] : [])))
  const present = inner
    .filter(base => mentioned.has(base))
    .map((base): Test => ({ is: 'present', at: { base, path: [] }, negated: false }))
  return { ...description, where: [...description.where, ...present] }
}

/** Conditions of ON are put in WHERE. */
export function onInWhere(description: Description): Description {
  const moves = (join: JoinSketch, base: number) => join.kind === 'left' && !isSemi(description, base)
  const where = description.joins.flatMap((join, i) => (moves(join, i + 1) ? renamed(join.on, 'it', i + 1) : []))
  const joins = description.joins.map((join, i) =>
    moves(join, i + 1) ? { ...join, on: [], expanded: isMany(description, i) } : join,
  )
  return { ...description, joins, where: [...description.where, ...where.filter(isFlat)] }
}

function isMany(description: Description, join: number): boolean {
  const { parent, relation } = joinAt(description, join + 1)
  const table = tableAt(tablesOf(description)[parent.base as number] as TableName, parent.path)
  return relationOf(table, relation).kind === 'many'
}

// `it` inside a quantifier is another row
function isFlat(test: Test): boolean {
  return test.is === 'compare' || test.is === 'null' || test.is === 'in' || test.is === 'distinct'
}

/** A left join becomes inner because something mentions it. */
export function leftAsInner(description: Description): Description {
  return {
    ...description,
    joins: description.joins.map(join => (join.kind === 'left' ? { ...join, kind: 'inner' } : join)),
  }
}

/** NULLs stand at the other end. */
export function nullsElsewhere(description: Description): Description {
  const order = description.order.map(key => ({
    ...key,
    nulls: (key.nulls ?? (key.descending ? 'first' : 'last')) === 'first' ? ('last' as const) : ('first' as const),
  }))
  return { ...description, order }
}

/** A later condition takes the place of an earlier one. */
export function lastWhereOnly(description: Description): Description {
  return { ...description, where: description.where.slice(-1) }
}

/** What is only selected or sorted by is dropped, inner handles with it. */
export function unselected(description: Description): Description {
  return { ...description, fields: [], order: [] }
}

/** `every` counts what is unknown as satisfied. */
export function everyAsNoneNot(description: Description): Description {
  return { ...description, where: description.where.map(lenient) }
}

function lenient(test: Test): Test {
  switch (test.is) {
    case 'every':
      return { ...test, is: 'none', where: { is: 'not', of: test.where } }
    case 'and':
    case 'or':
      return { ...test, of: test.of.map(lenient) }
    case 'not':
      return { ...test, of: lenient(test.of) }
    default:
      return test
  }
}
