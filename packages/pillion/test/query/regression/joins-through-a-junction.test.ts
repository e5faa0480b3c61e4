/**
 * A join through a junction, made once more by `on`, `left` or `inner`, shared the junction with the one it was made of: their conditions met
 * on one row of it, and a left join kept what an inner one was to take away.
 */
import { inner, left, on, some } from 'pillion'
import { describe, expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'
import { expectRefusal } from '../refusal.js'

everywhere(at => {
  const from = () => at.db.from(at.db.tables.interview).orderBy(at.db.tables.interview.id.asc())
  const tables = () => at.db.tables

  it('two EXISTS stay two', async () => {
    const { interview: root } = tables()
    const remote = some(root.tags)
    const senior = on(remote, tag => tag.label.eq('senior'))
    const rows = await from().where(remote.label.eq('remote'), senior.id.gt(0)).select({ id: root.id }).all()
    expect(rows).toEqual([{ id: 1 }])
  })

  it('two left joins stay two, and multiply each by itself', async () => {
    const { interview: root } = tables()
    const all = left(root.tags)
    const senior = on(all, tag => tag.label.eq('senior'))
    const query = from()
      .expand(all)
      .select({ id: root.id, tag: all.label, senior: senior.label })
      .orderBy(all.label.asc())
    await expectRefusal(() => query.all(), 'FAN_OUT')
    expect(await query.expand(senior, { allowCrossProduct: true }).all()).toEqual([
      { id: 1, tag: 'remote', senior: 'senior' },
      { id: 1, tag: 'senior', senior: 'senior' },
      { id: 2, tag: 'remote', senior: null },
      { id: 3, tag: null, senior: null },
      { id: 4, tag: null, senior: null },
    ])
  })

  describe('made once more in another way', () => {
    it('left keeps every row', async () => {
      const { interview: root } = tables()
      const tag = left(inner(root.tags))
      const rows = await from().expand(tag).select({ id: root.id, tag: tag.label }).orderBy(tag.label.asc()).all()
      expect(rows.map(({ id }) => id)).toEqual([1, 1, 2, 3, 4])
    })

    it('inner keeps those that have one', async () => {
      const { interview: root } = tables()
      const tag = inner(left(root.tags))
      const rows = await from().expand(tag).select({ id: root.id, tag: tag.label }).orderBy(tag.label.asc()).all()
      expect(rows.map(({ id }) => id)).toEqual([1, 1, 2])
    })

    it('with its own conditions, and the one it was made of as it was', async () => {
      const { interview: root } = tables()
      const remote = left(root.tags, tag => tag.label.eq('remote'))
      const both = inner(remote, tag => tag.id.gt(0))
      const rows = (tag: typeof remote) => from().expand(tag).select({ id: root.id, tag: tag.label }).all()
      expect(await rows(both as never)).toEqual([1, 2].map(id => ({ id, tag: 'remote' })))
      expect((await rows(remote)).map(({ tag }) => tag)).toEqual(['remote', 'remote', null, null])
    })
  })
})
