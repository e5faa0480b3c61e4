/** PostgreSQL makes one array of more dimensions of several: it was read as if its items were the texts of arrays. */
import { array, arrayAgg, arrayOf, cast, type Expr, interval, jsonb, text, value } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('are read as deep as they are', async () => {
    if (at.lacks('arrays')) return
    const { interview } = at.db.tables
    const some = at.db.from(interview).where(interview.id.lte(2))
    const orderBy = [interview.id.asc()]
    const pair = array(interview.id, interview.leadId)
    const words = array(interview.title, 'a, "b"')
    const documents: Expr<unknown[]> = value(['{"a":[1]}'], arrayOf(text)) as Expr<unknown[]>
    const rows = some.select({
      pairs: arrayAgg(pair, { orderBy }),
      words: arrayAgg(words, { orderBy }),
      documents: arrayAgg(cast<unknown[]>(documents, arrayOf(jsonb)), { orderBy }),
      spans: arrayAgg(cast<string[]>(array(value('1 day')), arrayOf(interval)), { orderBy }),
    })
    expect(await rows.all()).toEqual([
      {
        pairs: [
          [1, 2],
          [2, null],
        ],
        words: [
          ['engineer', 'a, "b"'],
          ['analyst', 'a, "b"'],
        ],
        documents: [[{ a: [1] }], [{ a: [1] }]],
        spans: [['1 day'], ['1 day']],
      },
    ])
    const nested = some
      .select({ all: array(pair, pair) })
      .orderBy(interview.id.asc())
      .limit(1)
    expect(await nested.all()).toEqual([
      {
        all: [
          [1, 2],
          [1, 2],
        ],
      },
    ])
  })
})
