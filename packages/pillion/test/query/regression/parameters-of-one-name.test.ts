import { expect, it } from 'vitest'
import { type Filterable, param } from 'pillion'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('two parameters of one name are two parameters', async () => {
    const expected = [{ id: 2 }]

    const { interview } = at.db.tables
    const low = param<number>('x')
    const high = param<number>('x')
    const above = <Q extends Filterable>(q: Q) => q.where(interview.id.gt(low))
    const below = <Q extends Filterable>(q: Q) => q.where(interview.id.lt(high))
    const query = below(above(at.db.from(interview).select({ id: interview.id })))

    expect(await query.all(low.is(1), high.is(3))).toEqual(expected)
    expect(query.toSQL(low.is(1), high.is(3)).values.map(Number)).toEqual([1, 3])
  })

  it('one parameter is not two values, nor none', async () => {
    const { interview } = at.db.tables
    const low = param<number>('x')
    const query = at.db.from(interview).where(interview.id.gt(low))

    await expect(query.all(low.is(1), low.is(3))).rejects.toMatchObject({ code: 'PARAM_CONFLICT' })
    await expect(query.all()).rejects.toMatchObject({ code: 'PARAM_UNBOUND' })
  })
})
