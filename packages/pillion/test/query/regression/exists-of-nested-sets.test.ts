/**
 * MariaDB answers EXISTS wrongly of some set operations a side of which is one itself: it finds nothing where there are rows, and rows
 * where there are none. Of rows of two columns it says that their numbers differ.
 */
import { alias, except, exists, intersect, union, unionAll } from 'pillion'
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
      except(ids(0), unionAll(ids(1), ids(2))),
      intersect(ids(0), except(ids(0), ids(3))),
    ]) {
      expect((await nested.all()).length).toBeGreaterThan(0)
      expect(await nested.exists()).toBe(true)
      expect(await at.db.from(interview).where(exists(nested)).count()).toBe(4)
    }
    for (const empty of [
      except(intersect(ids(0), ids(0)), ids(0)),
      except(ids(1), union(ids(0), ids(2))),
      intersect(except(ids(0), ids(1)), ids(1)),
      intersect(ids(2), except(ids(0), ids(1))),
    ]) {
      expect(await empty.all()).toEqual([])
      expect(await empty.exists()).toBe(false)
      expect(await at.db.from(interview).where(exists(empty)).count()).toBe(0)
    }
  })

  it('of rows of two columns, too', async () => {
    const { interview, user } = at.db.tables
    const people = at.db.from(user).select({ id: user.id, name: user.username })
    const titles = at.db.from(interview).select({ id: interview.id, name: interview.title })
    expect(await union(people, unionAll(titles, people)).exists()).toBe(true)
    expect(await except(people, union(titles, people)).exists()).toBe(false)
  })
})
