import { exists } from 'pillion'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Arena, grounds } from './arena/arena.js'
import { chosen } from './choices.js'
import { type Description, type Field, tablesOf } from './description.js'
import { type Build, countsWhatItGives, isInOrder, meansWhatItSays } from './laws.js'
import {
  everyAsNoneNot,
  flattened,
  lastWhereOnly,
  leftAsInner,
  nullsElsewhere,
  onInWhere,
  unselected,
} from './mistakes.js'
import { queryOf } from './pillion-query.js'
import { queryFrom, sortedQueryFrom } from './queries.js'
import { world } from './small-world.js'
import { always, type Law, notAlways, patience, sequence } from './trial.js'

vi.setConfig({ testTimeout: patience })

describe.each(grounds())('on $dialect', ({ open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
  })
  afterAll(() => arena.close())

  const build: Build = description => queryOf(arena.db, description)
  const after = (mistake: (description: Description) => Description): Build => {
    return description => build(mistake(description))
  }

  const queries = chosen(queryFrom, 120)
  const universal = queries.filter(({ where }) => where.some(({ is }) => is === 'every'))
  const sorted = chosen(sortedQueryFrom, 120)

  describe('rows of a query', () => {
    it('are those of its meaning', () => always(arena, queries, meansWhatItSays(build), 400))

    it('are not, where an inner join below a left one is written flat', () =>
      notAlways(arena, queries, meansWhatItSays(after(flattened))))
    it('are not, where ON is put in WHERE', () => notAlways(arena, queries, meansWhatItSays(after(onInWhere))))
    it('are not, where mentioning a left join makes it inner', () =>
      notAlways(arena, queries, meansWhatItSays(after(leftAsInner))))
    it('are not, where a later condition replaces an earlier', () =>
      notAlways(arena, queries, meansWhatItSays(after(lastWhereOnly))))
    it('are not, where `every` takes the unknown for satisfied', () =>
      notAlways(arena, universal, meansWhatItSays(after(everyAsNoneNot))))
  })

  describe('a query in a total order', () => {
    it('gives its rows in that order, cut where it is cut', () =>
      always(arena, sorted.filter(isTotal), isInOrder(build), 150))

    it('does not, where NULLs stand at the other end', () =>
      notAlways(arena, sorted.filter(isTotal), isInOrder(after(nullsElsewhere))))
    it('does not, where it is not cut', () => notAlways(arena, sorted.filter(isTotal), isInOrder(after(uncut))))
  })

  describe('beside the rows', () => {
    it('count() and exists() agree with them', () => always(arena, queries, countsWhatItGives(build), 150))
    it('count() keeps what only a selection restricts', () =>
      always(arena, chosen(queryFrom, 120).filter(restricts).map(onlySelecting), countsWhatItGives(build), 60))
    it('count() and exists() keep what only an order restricts', () =>
      always(arena, chosen(queryFrom, 120).filter(restricts).map(onlySorting), countsWhatItGives(build), 60))
    it('count() does not, where an inner join that is only selected is dropped', () =>
      notAlways(arena, queries, countsWhatItGives(build, after(unselected))))

    it('stream() gives the same, in the same order', () =>
      always(arena, sorted.filter(isTotal), streamsItsRows(build), 60))
    it('stream() does not, where the order is dropped', () =>
      notAlways(arena, sorted.filter(isTotal), streamsItsRows(build, after(unsorted))))
  })

  describe('a query inside of one from the same table', () => {
    it('takes all rows of that away, or none', () => always(arena, queries, takesAllOrNone(build), 150))
    it('does not, where its own joins are made outside', () =>
      notAlways(
        arena,
        queries,
        takesAllOrNone(build, description => build(unordered(description))),
      ))
  })

  describe('what is gathered from relations', () => {
    const gathered = queries.filter(({ fields }) => fields.some(({ get }) => folds.has(get)))

    it('is what the meaning gathers', () => always(arena, gathered, meansWhatItSays(build), 100))
    it('is not, where its condition is dropped', () =>
      notAlways(arena, gathered, meansWhatItSays(after(unconditional))))
  })

  const folds: ReadonlySet<Field['get']> = new Set(['list', 'count', 'sum', 'min', 'max', 'avg'])

  function restricts({ joins }: Description): boolean {
    return joins.some(({ kind }) => kind === 'inner') && joins.every(({ kind }) => kind !== 'semi')
  }

  /** The last join of all is all that mentions another. */
  function onlySelecting(description: Description): Description {
    const last: Field = { get: 'row', at: { base: description.joins.length, path: [] } }
    return { ...description, fields: [last], where: [], order: [] }
  }

  /** The last join of all is mentioned by the order alone. */
  function onlySorting(description: Description): Description {
    const { joins } = description
    const at = { base: joins.length, path: [] }
    const [root, last] = [columnIn(description, 0), columnIn(description, joins.length)]
    const fields: Field[] = [{ get: 'column', of: { at: { base: 0, path: [] }, column: root } }]
    return {
      ...description,
      fields,
      where: [],
      require: [],
      order: [{ of: { at, column: last }, descending: false, nulls: undefined }],
    }
  }

  function columnIn(description: Description, base: number): string {
    return Object.keys(world[tablesOf(description)[base]!].columns)[0]!
  }

  function unordered(description: Description): Description {
    return { ...description, order: [], limit: undefined, offset: undefined }
  }

  /** `outside`: what the query around it joins as well. */
  function takesAllOrNone(inside: Build, outside?: Build): Law<Description> {
    return async (description, data) => {
      const { root } = description
      const inner = inside(description)
      const around = outside?.(description) ?? arena.db.from(arena.db.tables[root])
      const rows = await around.where(exists(inner as never)).all()
      expect(rows).toHaveLength((await inner.exists()) ? data[root].length : 0)
    }
  }

  function isTotal({ order, joins }: Description): boolean {
    return order.length > 0 && joins.every(({ expanded }) => !expanded)
  }

  function uncut(description: Description): Description {
    return { ...description, limit: undefined, offset: undefined }
  }

  function unsorted(description: Description): Description {
    return { ...description, order: [] }
  }

  function unconditional(description: Description): Description {
    const fields = description.fields.map(field => ('relation' in field ? { ...field, where: undefined } : field))
    return { ...description, fields }
  }

  function streamsItsRows(rows: Build, streamed: Build = rows): Law<Description> {
    return async description => {
      const all = await rows(description).all()
      const found: unknown[] = []
      for await (const row of streamed(description).stream({ batch: 2 })) found.push(row)
      expect(sequence(found)).toEqual(sequence(all))
    }
  }
})
