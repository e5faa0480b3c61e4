/**
 * Random statements of many rows against the oracle: what makes a forest when the statement is over is accepted, what makes
 * none is refused whole, and the links are those of the pointers after each.
 *
 * @module
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from './support/engines.js'
import { linksOf } from './support/oracle.js'
import { type Planted, type Plot, plant } from './support/planted.js'

const keys = Array.from({ length: 9 }, (_, i) => String(i + 1))
const key = fc.constantFrom(...keys)
const pointer = fc.option(key, { nil: null, freq: 5 })

/** A statement: rows that come, pointers that change, keys that change, or rows that go. */
type Step =
  | { readonly kind: 'insert'; readonly rows: readonly (readonly [string, string | null])[] }
  | { readonly kind: 'move'; readonly rows: readonly (readonly [string, string | null])[] }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'delete'; readonly keys: readonly string[] }

const rows = fc.uniqueArray(fc.tuple(key, pointer), { minLength: 1, maxLength: 5, selector: ([id]) => id })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), rows }),
  fc.record({ kind: fc.constant('move' as const), rows }),
  fc.record({ kind: fc.constant('rename' as const), from: key, to: key }),
  fc.record({ kind: fc.constant('delete' as const), keys: fc.uniqueArray(key, { minLength: 1, maxLength: 3 }) }),
)

type Forest = Map<string, string | null>

/** The table after a statement; undefined where keys collide. */
function after(forest: Forest, step: Step, cascades: boolean): Forest | undefined {
  const next = new Map(forest)
  switch (step.kind) {
    case 'insert':
      if (step.rows.some(([id]) => next.has(id))) return undefined
      for (const [id, parent] of step.rows) next.set(id, parent)
      return next
    case 'move':
      for (const [id, parent] of step.rows) if (next.has(id)) next.set(id, parent)
      return next
    case 'rename': {
      if (!next.has(step.from) || step.from === step.to) return next
      if (next.has(step.to)) return undefined
      next.set(step.to, next.get(step.from) ?? null)
      next.delete(step.from)
      // the key of the pointer cascades
      if (cascades) for (const [id, parent] of next) if (parent === step.from) next.set(id, step.to)
      return next
    }
    case 'delete': {
      const gone = new Set(step.keys)
      const goes = (id: string): boolean => gone.has(id) || (cascades && above(next, id).some(each => gone.has(each)))
      return new Map([...next].filter(([id]) => !goes(id)))
    }
  }
}

function above(forest: Forest, id: string): readonly string[] {
  const parent = forest.get(id) ?? null
  return parent === null ? [] : [parent, ...above(forest, parent)]
}

function sqlOf(step: Step): string {
  switch (step.kind) {
    case 'insert':
      return `insert into node (id, parent_id) values ${step.rows.map(([id, parent]) => `(${id}, ${parent ?? 'null'})`).join(', ')}`
    case 'move': {
      const cases = step.rows.map(([id, parent]) => `when ${id} then ${parent ?? 'null'}`).join(' ')
      return `update node set parent_id = case id ${cases} else parent_id end where id in (${step.rows.map(([id]) => id).join(', ')})`
    }
    case 'rename':
      return `update node set id = ${step.to} where id = ${step.from}`
    case 'delete':
      return `delete from node where id in (${step.keys.join(', ')})`
  }
}

const plots: readonly (readonly [string, Plot])[] = [
  ['a key that cascades', { options: { counts: true } }],
  ['no key', { onDelete: 'none', options: { counts: true } }],
]

describe.each(engines())('on $name', engine => {
  // row by row MariaDB refuses some statements whose rows make a forest when all are there: it may refuse, never accept wrongly
  const exact = engine.dialect !== 'mariadb'

  describe.each(plots)('over %s', (_, plot) => {
    let tree: Planted
    beforeAll(async () => {
      tree = await plant(engine, plot)
    })
    afterAll(() => tree.drop())

    test('random statements leave the links right', async () => {
      const empty =
        engine.dialect === 'mariadb' ? ['update node set parent_id = null', 'delete from node'] : ['delete from node']
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async steps => {
          for (const sql of empty) await tree.session.run(sql)
          let forest: Forest = new Map()
          for (const each of steps) {
            const sql = sqlOf(each)
            const next = after(forest, each, plot.onDelete !== 'none')
            const right = next !== undefined && linksOf(next) !== undefined
            const done = await tree.session.run(sql).then(
              () => true,
              () => false,
            )
            if (exact) expect(done, sql).toBe(right)
            else if (done) expect(right, sql).toBe(true)
            if (done && next !== undefined) forest = next
            const found = await tree.session.run('select id, parent_id from node')
            expect(new Map(found as [string, string | null][]), sql).toEqual(forest)
            expect(await tree.faults(), sql).toEqual([])
          }
        }),
        { numRuns: Number(process.env['PILLION_RUNS'] ?? 60) },
      )
    }, 120_000)
  })
})
