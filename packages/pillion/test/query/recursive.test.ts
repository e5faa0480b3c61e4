import { expect, it } from 'vitest'
import { alias, concat, type DerivedHandle, inner, left, param, pillion, recursive, relate, value } from 'pillion'
import { pgHost } from 'pillion/pg'
import { everywhere } from '../support/everywhere.js'
import { expectRefusal } from './refusal.js'

everywhere(at => {
  it('walks a tree down, with depth and path', async () => {
    const { department } = at.db.tables
    const base = at.db
      .from(department)
      .where(department.parentId.isNull())
      .select({ id: department.id, depth: value(0), path: department.name })
    const under = recursive('under', base, self => {
      const child = alias(department)
      const parent = inner(relate(child, self, s => s.id.eq(child.parentId)))
      return at.db
        .from(child)
        .expand(parent)
        .select({ id: child.id, depth: parent.depth.plus(1), path: concat(parent.path, '/', child.name) })
    })
    expect(await at.db.from(under).orderBy(under.id.asc()).all()).toEqual([
      { id: 1, depth: 0, path: 'all' },
      { id: 2, depth: 1, path: 'all/science' },
      { id: 3, depth: 1, path: 'all/arts' },
    ])
  })

  it('a step that is sorted or cut short is refused: to some databases that is of all rows together', async () => {
    const { department } = at.db.tables
    const base = at.db.from(department).where(department.parentId.isNull()).select({ id: department.id })
    const child = alias(department)
    const step = (self: DerivedHandle<{ id: number }>) => {
      const up = inner(relate(child, self, s => s.id.eq(child.parentId)))
      return at.db.from(child).expand(up).select({ id: child.id })
    }
    for (const cut of [
      recursive('under', base, self => step(self).limit(1)),
      recursive('under', base, self => step(self).orderBy(child.id.desc())),
      recursive('under', base, self => step(self).offset(1)),
    ])
      await expectRefusal(() => at.db.from(cut).all(), 'QUERY_INVALID', /step of the recursive under/)
  })

  it('is filtered, joined and counted like any table', async () => {
    const { department, interview } = at.db.tables
    const root = param<number>('root')
    const under = recursive(
      'under',
      at.db.from(department).where(department.id.eq(root)).select({ id: department.id }),
      self => {
        const child = alias(department)
        const up = inner(relate(child, self, s => s.id.eq(child.parentId)))
        return at.db.from(child).expand(up).select({ id: child.id })
      },
    )
    const query = at.db
      .from(interview)
      .where(interview.departmentId.in(at.db.from(under).select({ id: under.id })))
      .select({ id: interview.id })
      .orderBy(interview.id.asc())
    expect((await query.all(root.is(1))).map(row => row.id)).toEqual([1, 2, 3, 4])
    expect((await query.all(root.is(3))).map(row => row.id)).toEqual([3, 4])
    expect(await at.db.from(under).count(root.is(1))).toBe(3)
  })

  it.skipIf(at.lacks('a pool of pg'))('UNION ends a walk that UNION ALL would not', async () => {
    await at.pool.query(
      `CREATE TABLE ring (id int PRIMARY KEY, next int NOT NULL); INSERT INTO ring VALUES (1, 2), (2, 3), (3, 1)`,
    )
    const db = await pillion<{ ring: DerivedHandle<{ id: number; next: number }> }>(pgHost(at.pool))
    const { ring } = db.tables
    const walk = recursive(
      'walk',
      db.from(ring).where(ring.id.eq(1)).select({ id: ring.id }),
      self => {
        const each = alias(ring)
        const from = inner(relate(each, self, s => s.id.eq(each.id)))
        return db.from(each).expand(from).select({ id: each.next })
      },
      { union: 'distinct' },
    )
    expect(await db.from(walk).orderBy(walk.id.asc()).all()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  })

  it('J13: left joined, it is null by presence', async () => {
    const { department } = at.db.tables
    const chain = recursive(
      'chain',
      at.db.from(department).where(department.id.eq(2)).select({ id: department.id, parent: department.parentId }),
      self => {
        const above = alias(department)
        const from = inner(relate(above, self, s => s.parent.eq(above.id)))
        return at.db.from(above).expand(from).select({ id: above.id, parent: above.parentId })
      },
    )
    const found = left(relate(department, chain, c => c.id.eq(department.id)))
    const query = at.db.from(department).expand(found).select({ id: department.id, found }).orderBy(department.id.asc())
    expect(await query.all()).toEqual([
      { id: 1, found: { id: 1, parent: null } },
      { id: 2, found: { id: 2, parent: 1 } },
      { id: 3, found: null },
    ])
  })

  it('begins from a base that is sorted and cut short', async () => {
    const { department } = at.db.tables
    const last = at.db.from(department).select({ id: department.id, parent: department.parentId })
    const chain = recursive('chain', last.orderBy(department.id.desc()).limit(1), self => {
      const above = alias(department)
      const from = inner(relate(above, self, s => s.parent.eq(above.id)))
      return at.db.from(above).expand(from).select({ id: above.id, parent: above.parentId })
    })
    expect(await at.db.from(chain).orderBy(chain.id.asc()).all()).toEqual([
      { id: 1, parent: null },
      { id: 3, parent: 1 },
    ])
  })
})
