import assert from 'node:assert/strict'
import { cell, codeOf, type Scene, texts } from '../stage.js'
import { statement } from '../statement.js'

/** A dialect-neutral statement that is told from others by its number. */
const numbered = (n: number) => statement(`select ${n} as n`)

export const reading: readonly Scene[] = [
  {
    name: 'rows come by position, NULL as null, with the names they were selected under',
    needs: ['root'],
    async play({ mount, words }) {
      const result = await mount.host.run(undefined, words.plain('41'), {})
      assert.deepEqual(texts(result), [['42', null, 'x']])
      assert.deepEqual(
        result.fields.map(field => field.name),
        ['n', 'nothing', 'n'],
      )
    },
  },
  {
    name: 'no rows keep their fields',
    needs: ['root'],
    async play({ mount, words }) {
      const { rows, fields } = await mount.host.run(undefined, words.none, {})
      assert.deepEqual({ rows, names: fields.map(field => field.name) }, { rows: [], names: ['a'] })
    },
  },
  {
    name: 'several statements in one are refused by the server, and none of them is done',
    needs: ['root'],
    async play({ mount }) {
      assert.equal(
        await codeOf(mount.host.run(undefined, statement(`select 1; insert into tally values (0, 0)`), {})),
        'STATEMENT_FAILED',
      )
      assert.equal(await cell(mount, undefined, statement('select count(*) from tally')), '0')
    },
  },
  {
    name: 'a named statement gives the same fields again, with other values',
    needs: ['prepared', 'transaction'],
    async play({ mount, words }) {
      const named = { ...words.plain('1'), name: 'pillion_conformance_named' }
      await mount.transaction(async ({ target }) => {
        const first = await mount.host.run(target, named, {})
        const second = await mount.host.run(target, { ...named, values: ['2'] }, {})
        assert.deepEqual(first.fields, second.fields)
        assert.deepEqual(texts(second), [['3', null, 'x']])
      })
    },
  },
  {
    name: 'a result whose type changed fails at most once',
    needs: ['prepared', 'second session'],
    async play({ mount }) {
      await mount.observer.rows('create table shape (a int)')
      await mount.observer.rows('insert into shape values (1)')
      const named = { text: 'select a from shape', values: [], name: 'pillion_conformance_shape' }
      await mount.transaction(async ({ target }) => void (await mount.host.run(target, named, {})))
      await mount.observer.rows('drop table shape')
      await mount.observer.rows('create table shape (a varchar(10))')
      await mount.observer.rows(`insert into shape values ('one')`)
      const codes: string[] = []
      for (let i = 0; i < 3; i++) codes.push(await codeOf(mount.host.run(undefined, named, {})))
      assert.ok(codes.filter(code => code === 'SCHEMA_DRIFTED').length <= 1, codes.join())
      assert.equal(codes.at(-1), 'fulfilled')
      await mount.observer.rows('drop table shape')
    },
  },
  {
    name: 'many at once on the root each get their own rows',
    needs: ['root'],
    async play({ mount }) {
      const asked = Array.from({ length: 50 }, (_, n) => cell(mount, undefined, numbered(n)))
      assert.deepEqual(
        await Promise.all(asked),
        asked.map((_, n) => String(n)),
      )
    },
  },
]
