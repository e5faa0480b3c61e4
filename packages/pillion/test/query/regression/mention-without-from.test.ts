import { expect, it } from 'vitest'
import { alias, cte } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a root that no query starts from is refused, never a cartesian product', async () => {
    const { interview } = at.db.tables
    const other = alias(interview)

    await expect(at.db.from(interview).where(other.id.eq(1)).all()).rejects.toMatchObject({ code: 'HANDLE_UNOWNED' })
    await expect(at.db.from(interview).select({ id: other.id }).all()).rejects.toMatchObject({ code: 'HANDLE_UNOWNED' })
  })

  it('a root inside a CTE is not the one outside', async () => {
    const expected = [{ id: 3 }, { id: 4 }]

    const { interview } = at.db.tables
    const late = alias(interview)
    const recent = cte('recent', at.db.from(late).select({ id: late.id }).where(late.id.gt(2)))

    expect(await at.db.from(recent).orderBy(recent.id.asc()).all()).toEqual(expected)
    await expect(at.db.from(recent).where(late.title.eq('poet')).all()).rejects.toMatchObject({
      code: 'HANDLE_UNOWNED',
    })
  })
})
