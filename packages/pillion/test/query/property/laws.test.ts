import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Arena, grounds } from './arena/arena.js'
import { chosen } from './choices.js'
import { type Description, type Field, type Test } from './description.js'
import { areAmong, areTheSame, type Build } from './laws.js'
import { lastWhereOnly, semiAsJoin, splitInTwo } from './mistakes.js'
import { queryOf, stepByStep } from './pillion-query.js'
import { joinFrom, mainBases, neutralFrom, queryFrom, semiQueryFrom, twoFiltersFrom } from './queries.js'
import { always, bag, type Law, notAlways, patience } from './trial.js'

vi.setConfig({ testTimeout: patience })

describe.each(grounds())('on $dialect', ({ open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
  })
  afterAll(() => arena.close())

  const build: Build = description => queryOf(arena.db, description)

  describe('the order in which helpers add to a query', () => {
    const queries = chosen(queryFrom, 120)
    const backwards: Build = description => queryOf(arena.db, description, { arrange: things => things.toReversed() })
    const rotated: Build = description =>
      queryOf(arena.db, description, { arrange: things => [...things.slice(1), ...things.slice(0, 1)] })

    it('never changes its rows', async () => {
      await always(arena, queries, areTheSame(build, backwards), 80)
      await always(arena, queries, areTheSame(build, rotated), 80)
    })
    it('would, where a later condition replaced an earlier', () =>
      notAlways(
        arena,
        queries,
        areTheSame(build, description =>
          queryOf(arena.db, lastWhereOnly({ ...description, where: description.where.toReversed() })),
        ),
      ))
  })

  describe('on(handle, condition)', () => {
    const queries = chosen(queryFrom, 120).filter(({ joins }) => joins.some(({ on }) => on.length > 0))
    const later: Build = description => queryOf(arena.db, description, { join: stepByStep })

    it('is the join that was made with it', () => always(arena, queries, areTheSame(build, later), 150))
    it('is not the join without it', () =>
      notAlways(
        arena,
        queries,
        areTheSame(build, ({ joins, ...rest }) => build({ ...rest, joins: joins.map(join => ({ ...join, on: [] })) })),
      ))
  })

  describe('a semi handle', () => {
    const queries = chosen(semiQueryFrom, 60).map(selectingRoot)
    const twoFilters = chosen(twoFiltersFrom, 20).map(selectingRoot)
    const distinct: Build = description => build(semiAsJoin(description)).distinct()

    it('gives the distinct roots of the join', () => always(arena, queries, areTheSame(build, distinct)))
    it('does not give the roots as often as the join does', () =>
      notAlways(
        arena,
        queries,
        areTheSame(build, description => build(semiAsJoin(description))),
      ))

    it('split into two gives the same and more', () =>
      always(
        arena,
        queries,
        areAmong(build, description => build(splitInTwo(description))),
      ))
    it('is not the same as two', () =>
      notAlways(
        arena,
        twoFilters,
        areTheSame(build, description => build(splitInTwo(description))),
      ))
    it('does not give more than two', () =>
      notAlways(
        arena,
        twoFilters,
        areAmong(description => build(splitInTwo(description)), build),
      ))
  })

  describe('require', () => {
    const queries = chosen(choose => {
      const query = queryFrom(choose)
      const base = choose.one([0, ...mainBases(query)])
      return { query: { ...query, require: [], limit: undefined }, base }
    }, 120).filter(({ base }) => base !== 0)

    const mentioned = ({ query, base }: Required) => ({ ...query, where: [...query.where, known(base)] })
    const required = ({ query, base }: Required) => ({ ...query, require: [base] })
    const present = ({ query, base }: Required) => ({ ...query, where: [...query.where, presence(base)] })

    it('gives some of the rows', () => always(arena, queries, pairs(required, mentioned, areAmong)))
    it('gives those where the joined row is present', () =>
      always(arena, queries, pairs(required, present, areTheSame)))
    it('does not give all of them', () => notAlways(arena, queries, pairs(mentioned, required, areAmong)))

    type Required = { readonly query: Description; readonly base: number }

    function pairs(
      one: (thing: Required) => Description,
      other: (thing: Required) => Description,
      law: typeof areAmong,
    ): Law<Required> {
      return (thing, data, manner) =>
        law(
          () => build(one(thing)),
          () => build(other(thing)),
        )(thing.query, data, manner)
    }
  })

  describe('selecting, or sorting by, a left or to-one handle', () => {
    const queries = chosen(choose => {
      const query = selectingRoot(queryFrom(choose))
      return { query, more: neutralFrom(choose, query) }
    }, 160)

    it('never changes which roots come back', () => always(arena, queries, sameRoots, 200))

    const restricting = chosen(choose => {
      const query = selectingRoot({ ...queryFrom(choose), joins: [], where: [], require: [], order: [] })
      const join = joinFrom(choose, query, ['inner'])
      const joins = join ? [join] : []
      const fields: readonly Field[] = join
        ? [...query.fields, { get: 'row', at: { base: 1, path: [] } }]
        : query.fields
      return { query, more: { ...query, joins, fields } }
    }, 60)

    it('does, where the handle is inner', () => notAlways(arena, restricting, sameRoots))

    async function sameRoots({ query, more }: { readonly query: Description; readonly more: Description }) {
      expect(bag(await rootsOf(more))).toEqual(bag(await rootsOf(query)))
    }

    async function rootsOf(description: Description): Promise<readonly unknown[]> {
      return (await build(description).all()).map(row => (row as { readonly f0: unknown }).f0)
    }
  })

  function selectingRoot(description: Description): Description {
    const id: Field = { get: 'column', of: { at: { base: 0, path: [] }, column: 'id' } }
    return { ...description, fields: [id] }
  }

  function presence(base: number): Test {
    return { is: 'present', at: { base, path: [] }, negated: false }
  }

  /** True whatever the row, and yet a mention. */
  function known(base: number): Test {
    return { is: 'or', of: [presence(base), { is: 'present', at: { base, path: [] }, negated: true }] }
  }
})
