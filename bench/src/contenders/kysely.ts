/** Kysely: queries built on every call, as its documentation writes them. @module */
import { type Generated, Kysely, PostgresDialect } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import pg from 'pg'
import { argumentsAt } from '../cases.js'
import { type Open, plain } from '../contender.js'

interface Tables {
  company: { id: number; name: string; city: string }
  user: { id: number; username: string; active: boolean }
  interview: {
    id: number
    title: string
    status: string
    score: number
    remote: boolean
    created_at: Date
    company_id: number
    author_id: number
  }
  evaluation: { id: Generated<number>; interview_id: number; user_id: number; rating: number; note: string | null }
}

export const open: Open = async url => {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const interviews = () =>
    db
      .selectFrom('interview')
      .select([
        'id',
        'title',
        'status',
        'score',
        'remote',
        'created_at as createdAt',
        'company_id as companyId',
        'author_id as authorId',
      ])

  return {
    build: [
      {
        name: '',
        build: i => {
          const { me, status, city, active, limit } = argumentsAt.build(i)
          const { sql, parameters } = db
            .selectFrom('interview as i')
            .leftJoin('evaluation as e', join => join.onRef('e.interview_id', '=', 'i.id').on('e.user_id', '=', me))
            .innerJoin('user as u', 'u.id', 'i.author_id')
            .innerJoin('company as c', 'c.id', 'i.company_id')
            .select(['i.id', 'i.title', 'e.rating', 'u.username as author', 'c.name as company'])
            .where('i.status', '=', status)
            .where('c.city', '=', city)
            .where('u.active', '=', active)
            .orderBy('e.rating', order => order.desc().nullsLast())
            .orderBy('i.id')
            .limit(limit)
            .compile()
          return { text: sql, values: parameters }
        },
      },
    ],
    execute: {
      key: [plain('', i => interviews().where('id', '=', argumentsAt.key(i)).execute())],
      rows: [plain('', i => interviews().where('id', '>=', argumentsAt.rows(i)).orderBy('id').limit(1000).execute())],
      joins: [
        plain('', i => {
          const { me, status } = argumentsAt.joins(i)
          return db
            .selectFrom('interview as i')
            .leftJoin('evaluation as e', join => join.onRef('e.interview_id', '=', 'i.id').on('e.user_id', '=', me))
            .innerJoin('user as u', 'u.id', 'i.author_id')
            .innerJoin('company as c', 'c.id', 'i.company_id')
            .select(['i.id', 'i.title', 'e.rating', 'u.username as author', 'c.name as company'])
            .where('i.status', '=', status)
            .orderBy('i.id')
            .limit(50)
            .execute()
        }),
      ],
      nested: [
        plain('', i => {
          const { first, last } = argumentsAt.nested(i)
          return db
            .selectFrom('interview as i')
            .select(outer => [
              'i.id',
              'i.title',
              jsonArrayFrom(
                outer
                  .selectFrom('evaluation as e')
                  .select(['e.id', 'e.rating', 'e.note', 'e.user_id as userId'])
                  .whereRef('e.interview_id', '=', 'i.id')
                  .orderBy('e.id'),
              ).as('evaluations'),
            ])
            .where(({ between }) => between('i.id', first, last))
            .orderBy('i.id')
            .execute()
        }),
      ],
    },
    close: () => db.destroy(),
  }
}
