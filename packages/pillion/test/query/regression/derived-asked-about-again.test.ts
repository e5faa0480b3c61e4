/**
 * MariaDB 10.11 makes a query one with that around it, and where a subquery of it asks about a derived table of its own that is not, the
 * second run of the prepared statement was an error: an unknown column.
 */
import {
  alias,
  count,
  cte,
  derived,
  exists,
  inner,
  int4,
  max,
  relate,
  rowNumber,
  some,
  type Subquery,
  union,
  values,
} from 'pillion'
import { describe, expect, it } from 'vitest'
import { everywhere } from '../../support/everywhere.js'

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

everywhere(at => {
  const thrice = async (query: Any) => {
    for (let run = 1; run <= 3; run++)
      expect(await query.all(), `run ${run}`).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
  }
  const users = () => at.db.tables.user as Any
  const sorted = (found: Any) => at.db.from(found).select({ id: found.id }).orderBy(found.id.asc())

  const ofEvaluations = () => {
    const { evaluation } = at.db.tables
    return at.db.from(evaluation).select({ id: evaluation.userId })
  }
  const grouped = () => ofEvaluations().groupBy(at.db.tables.evaluation.userId)

  describe.each<[string, () => Any]>([
    ['groups', () => derived('given', grouped())],
    ['distinct rows', () => derived('given', ofEvaluations().distinct())],
    ['a set operation', () => derived('given', union(grouped(), grouped()))],
    ['what is cut', () => derived('given', grouped().limit(3))],
    [
      'windows',
      () => {
        const ranked = at.db.from(users()).select({ id: rowNumber().over({ orderBy: [users().id.asc()] }) } as Any)
        return derived('given', ranked.where(users().id.lt(4)) as Any)
      },
    ],
    ['values', () => values('given', { id: int4 }, [{ id: 1 }, { id: 2 }, { id: 3 }] as Any)],
  ])('over %s', (_, given) => {
    /** A query over it, and a condition that asks about it. */
    const asking = () => {
      const root = given()
      const other: Any = alias(users())
      return { root, isKnown: exists(at.db.from(other).where(other.id.eq(root.id)) as Any) as Any }
    }
    const known = (): Subquery<Any> => {
      const { root, isKnown } = asking()
      return at.db.from(root).where(isKnown).select({ id: root.id }) as Any
    }

    it('a derived table or a CTE asks', async () => {
      await thrice(sorted(derived('found', known())))
      await thrice(sorted(cte('found', known())))
    })

    it('one that is joined asks', async () => {
      const theirs: Any = inner(
        relate(users(), derived('found', known()) as Any, (each: Any) => each.id.eq(users().id)),
      )
      await thrice(at.db.from(users()).expand(theirs).select({ id: theirs.id }).orderBy(users().id.asc()))
    })

    it('a column asks', async () => {
      const { root, isKnown } = asking()
      const found: Any = derived('found', at.db.from(root).select({ id: root.id, isKnown }) as Any)
      await thrice(sorted(found).where(found.isKnown))
    })

    it('a semi handle asks', async () => {
      const root = given()
      const known: Any = some(relate(root, alias(users()) as Any, (each: Any) => each.id.eq(root.id)))
      const query = at.db.from(root).where(known.username.gt('')).select({ id: root.id })
      await thrice(sorted(derived('found', query as Any)))
    })

    it('what stands behind IN or EXISTS asks', async () => {
      const query = at.db.from(users()).select({ id: users().id }).orderBy(users().id.asc())
      await thrice(query.where(users().id.in(known())))
      const { root, isKnown } = asking()
      await thrice(query.where(exists(at.db.from(root).where(root.id.eq(users().id), isKnown) as Any)))
      const theirs: Any = some(relate(users(), given(), (each: Any) => each.id.eq(users().id)))
      const other: Any = alias(users())
      await thrice(query.where(theirs.id.gt(0), exists(at.db.from(other).where(other.id.eq(theirs.id)) as Any)))
    })
  })

  it('over what is kept apart for having a subquery among its columns, in a statement with groups', async () => {
    const [own, other]: Any[] = [alias(users()), alias(users())]
    const counted: Any = derived(
      'counted',
      at.db
        .from(own)
        .where(own.id.lt(4))
        .select({ id: own.id, n: count(own.evaluations) } as Any),
    )
    const asked = at.db.from(counted).where(exists(at.db.from(other).where(other.id.eq(counted.id)) as Any))
    const found: Any = cte('found', asked.select({ id: counted.id, n: counted.n } as Any))
    await thrice(
      at.db.from(found).select({ id: found.id }).groupBy(found.id).having(max(found.n).gt(0)).orderBy(found.id.asc()),
    )
  })
})
