/** PostgreSQL has no functions of text for an enumeration, whose labels are text to everybody else. */
import { length, lower, replace, startsWith, stringAgg, substring, trim, upper } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('are text to functions', async () => {
    const { interview } = at.db.tables
    const words = at.db
      .from(interview)
      .where(interview.id.eq(1))
      .select({
        lower: lower(interview.status),
        upper: upper(interview.status),
        trim: trim(interview.status),
        length: length(interview.status),
        substring: substring(interview.status, 2, 2),
        replace: replace(interview.status, 'o', '0'),
        starts: startsWith(interview.status, 'op'),
        of: startsWith(interview.title, interview.status),
        concat: interview.status.concat('!'),
      })
    expect(await words.all()).toEqual([
      {
        lower: 'open',
        upper: 'OPEN',
        trim: 'open',
        length: 4,
        substring: 'pe',
        replace: '0pen',
        starts: true,
        of: false,
        concat: 'open!',
      },
    ])
    const all = at.db
      .from(interview)
      .select({ all: stringAgg(interview.status, ',', { orderBy: [interview.id.asc()] }) })
    expect(await all.all()).toEqual([{ all: 'open,held,open,closed' }])
  })

  it('are text to patterns', async () => {
    const { interview } = at.db.tables
    const ids = at.db.from(interview).select({ id: interview.id }).orderBy(interview.id.asc())
    expect(await ids.where(interview.status.like('%e_')).all()).toEqual([{ id: 1 }, { id: 3 }, { id: 4 }])
    expect(await ids.where(interview.status.notLike('o%')).all()).toEqual([{ id: 2 }, { id: 4 }])
    expect(await ids.where(interview.status.ilike('OPEN')).all()).toEqual([{ id: 1 }, { id: 3 }])
    expect(await ids.where(interview.title.like(interview.status)).all()).toEqual([])
    if (at.lacks('regular expressions')) return
    expect(await ids.where(interview.status.matches('^h')).all()).toEqual([{ id: 2 }])
  })
})
