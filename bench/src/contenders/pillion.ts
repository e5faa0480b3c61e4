/**
 * Pillion on its `pg` host: queries made once, with parameters, and run many times. Building is timed in two ways:
 * `cold` compiles each query anew, for its database keeps no shapes; `known shape` is the same code on a database
 * as it is by default, where the second query of a shape finds the first one's statement.
 *
 * @module
 */
import pg from 'pg'
import { type Database, left, list, param, pillion } from 'pillion'
import { pgHost } from 'pillion/pg'
import { argumentsAt } from '../cases.js'
import { type BuildVariant, type Open, plain } from '../contender.js'
import type { DB } from './db.gen.js'

export const open: Open = async url => {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const host = pgHost(pool)
  const db = await pillion<DB>(host, { names: 'camel' })
  const forgetful = await pillion<DB>(host, { catalog: db.catalog, shapes: 0 })
  const { interview } = db.tables

  const id = param<number>('id')
  const key = db.from(interview).where(interview.id.eq(id))

  const from = param<number>('from')
  const rows = db.from(interview).where(interview.id.gte(from)).orderBy(interview.id.asc()).limit(1000)

  const me = param<number>('me')
  const status = param<string>('status')
  const mine = left(interview.evaluations, e => e.userId.eq(me))
  const joins = db
    .from(interview)
    .select({
      id: interview.id,
      title: interview.title,
      rating: mine.rating,
      author: interview.author.username,
      company: interview.company.name,
    })
    .where(interview.status.eq(status))
    .orderBy(interview.id.asc())
    .limit(50)

  const first = param<number>('first')
  const last = param<number>('last')
  const nested = db
    .from(interview)
    .select({
      id: interview.id,
      title: interview.title,
      evaluations: list(interview.evaluations, e => ({ id: e.id, rating: e.rating, note: e.note, userId: e.userId }), {
        orderBy: e => e.id.asc(),
      }),
    })
    .where(interview.id.between(first, last))
    .orderBy(interview.id.asc())

  return {
    build: [built('cold', forgetful), built('known shape', db)],
    execute: {
      key: [plain('', i => key.all(id.is(argumentsAt.key(i))))],
      rows: [plain('', i => rows.all(from.is(argumentsAt.rows(i))))],
      joins: [
        plain('', i => {
          const given = argumentsAt.joins(i)
          return joins.all(me.is(given.me), status.is(given.status))
        }),
      ],
      nested: [
        plain('', i => {
          const given = argumentsAt.nested(i)
          return nested.all(first.is(given.first), last.is(given.last))
        }),
      ],
    },
    close: () => pool.end(),
  }
}

function built(name: string, db: Database<DB>): BuildVariant {
  const { interview } = db.tables
  return {
    name,
    build: i => {
      const { me, status, city, active, limit } = argumentsAt.build(i)
      const mine = left(interview.evaluations, e => e.userId.eq(me))
      const { sql, values } = db
        .from(interview)
        .select({
          id: interview.id,
          title: interview.title,
          rating: mine.rating,
          author: interview.author.username,
          company: interview.company.name,
        })
        .where(interview.status.eq(status), interview.company.city.eq(city), interview.author.active.eq(active))
        .orderBy(mine.rating.desc({ nulls: 'last' }), interview.id.asc())
        .limit(limit)
        .toSQL()
      return { text: sql, values }
    },
  }
}
