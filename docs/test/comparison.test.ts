/**
 * What the README says of others, where it can be run here.
 */
import { eq } from 'drizzle-orm'
import { integer, pgTable, QueryBuilder } from 'drizzle-orm/pg-core'
import {
  DeduplicateJoinsPlugin,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type SelectQueryBuilder,
} from 'kysely'
import { describe, expect, expectTypeOf, it } from 'vitest'

interface Tables {
  interview: { id: number; owner: number }
  evaluation: { interview_id: number; rating: number }
}

const kysely = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

describe('Kysely', () => {
  it('ANDs a second where', () => {
    const query = kysely.selectFrom('interview').select('id').where('id', '=', 1).where('owner', '=', 2)
    expect(query.compile().sql).toContain('where "id" = $1 and "owner" = $2')
  })

  it('shares joins by a plugin, where they are alike', () => {
    const sharing = kysely.withPlugin(new DeduplicateJoinsPlugin()).selectFrom('interview').select('id')
    const alike = sharing
      .leftJoin('evaluation', 'evaluation.interview_id', 'interview.id')
      .leftJoin('evaluation', 'evaluation.interview_id', 'interview.id')
    const swapped = sharing
      .leftJoin('evaluation', 'evaluation.interview_id', 'interview.id')
      .leftJoin('evaluation', 'interview.id', 'evaluation.interview_id')
    expect(alike.compile().sql.match(/left join/g)).toHaveLength(1)
    expect(swapped.compile().sql.match(/left join/g)).toHaveLength(2)
  })

  it('can lose nullability in a helper', () => {
    const rated = <O>(q: SelectQueryBuilder<Tables, 'interview' | 'evaluation', O>) => q.select('evaluation.rating')
    const joined = kysely.selectFrom('interview').leftJoin('evaluation', 'evaluation.interview_id', 'interview.id')
    const inPlace = joined.select('evaluation.rating')
    const byHelper = rated(joined)
    expectTypeOf<Awaited<ReturnType<typeof inPlace.execute>>[number]['rating']>().toEqualTypeOf<number | null>()
    expectTypeOf<Awaited<ReturnType<typeof byHelper.execute>>[number]['rating']>().toEqualTypeOf<number>()
  })
})

describe('Drizzle', () => {
  const interview = pgTable('interview', { id: integer().notNull(), owner: integer().notNull() })

  it('replaces the first where by a second, in dynamic mode', () => {
    const query = new QueryBuilder().select().from(interview).$dynamic()
    const { sql, params } = query.where(eq(interview.owner, 99)).where(eq(interview.id, 2)).toSQL()
    expect(sql).not.toContain('"owner" =')
    expect(params).toEqual([2])
  })
})
