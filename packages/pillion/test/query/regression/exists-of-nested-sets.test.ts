/** MariaDB finds nothing by EXISTS in some set operations whose left side is one itself, though they have rows. */
import { alias, except, exists, intersect, union } from 'pillion'
import { expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

everywhere(at => {
  it('exists() and a condition agree with the rows', async () => {
    const { interview } = at.db.tables
    const ids = (above: number) => {
      const other = alias(interview)
      return at.db.from(other).where(other.id.gt(above)).select({ id: other.id })
    }
    for (const nested of [
      except(intersect(ids(0), ids(0)), ids(2)),
      except(union(ids(0), ids(1)), ids(2)),
      intersect(except(ids(0), ids(3)), ids(0)),
    ]) {
      expect((await nested.all()).length).toBeGreaterThan(0)
      expect(await nested.exists()).toBe(true)
      expect(await at.db.from(interview).where(exists(nested)).count()).toBe(4)
    }
    expect(await except(intersect(ids(0), ids(0)), ids(0)).exists()).toBe(false)
  })
})
