/**
 * What a server is told for the whole of a statement was chosen by words in its text, which stand in names and in other clauses as well.
 */
import { cte, exists, left } from 'pillion'
import { expect, it } from 'vitest'
import { describeOpenedOnMysql } from '../opened-on-mysql.js'

const tables = `
create table person (id int primary key);
create table \`a LEFT JOIN b\` (id int primary key, person_id int, \`NOT EXISTS (\` int, foreign key (person_id) references person (id))`

const isTold = /SET STATEMENT|SET_VAR/

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

describeOpenedOnMysql(tables, opened => {
  it('a name tells nothing of a statement', () => {
    const { db } = opened()
    const row: Any = db.tables['a LEFT JOIN b']
    const named: Any = cte('LATERAL (', db.from(row).select({ 'GROUP_CONCAT(': row['NOT EXISTS ('] } as Any))
    const found = db.from(named).where(exists(db.from(row).where(row.id.eq(named['GROUP_CONCAT('])) as Any))
    expect(found.toSQL().sql).not.toMatch(isTold)
  })

  it('a left join around a subquery is none inside', () => {
    const { db } = opened()
    const row: Any = db.tables['a LEFT JOIN b']
    const { person } = db.tables as Any
    const owner: Any = left(row.person)
    const found = db
      .from(row)
      .select({ owner: owner.id, others: exists(db.from(person).where(person.id.ne(row.id))) })
      .toSQL()
    expect(found.sql).toContain('LEFT JOIN')
    expect(found.sql).not.toMatch(isTold)
  })
})
