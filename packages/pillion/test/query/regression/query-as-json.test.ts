import { from, unionAll } from 'pillion'
import { expect, it } from 'vitest'
import { tables } from '../../support/interviews.gen.js'

// A handler that forgets all(): Express and Nest answer with the JSON of what they are given.
it('a query that was not run tells as JSON nothing of the tables, and that it was not run', () => {
  const query = from(tables.tag).where(tables.tag.label.eq('secret'))
  for (const unrun of [query, query.select({ id: tables.tag.id }), unionAll(query, query)]) {
    const told = JSON.stringify({ unrun })
    expect(told).toMatch(/was not run: all\(\)/)
    expect(told).not.toMatch(/tag|label|secret/)
  }
})
