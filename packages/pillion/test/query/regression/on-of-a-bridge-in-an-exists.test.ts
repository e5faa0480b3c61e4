import { expect, it } from 'vitest'
import { left, present, some } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('a condition on the row of an EXISTS does not stay inside the parenthesis of a junction, where nobody sees that row', async () => {
    const { department } = at.db.tables
    const held = some(department.interviews)
    const tag = left(held.tags, () => present(held))
    const found = at.db.from(department).select({ id: department.id }).where(tag.id.eq(1))

    expect(await found.all()).toEqual([{ id: 2 }])
  })
})
