/** Drizzle: prepared statements, and its relational query for the nested case. @module */
import { and, asc, between, eq, gte, relations, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { boolean, integer, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { argumentsAt } from '../cases.js'
import { type Open, plain } from '../contender.js'

const company = pgTable('company', { id: integer().primaryKey(), name: text().notNull(), city: text().notNull() })

const user = pgTable('user', { id: integer().primaryKey(), username: text().notNull(), active: boolean().notNull() })

const interview = pgTable('interview', {
  id: integer().primaryKey(),
  title: text().notNull(),
  status: text().notNull(),
  score: integer().notNull(),
  remote: boolean().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  companyId: integer('company_id').notNull(),
  authorId: integer('author_id').notNull(),
})

const evaluation = pgTable('evaluation', {
  id: integer().primaryKey(),
  interviewId: integer('interview_id').notNull(),
  userId: integer('user_id').notNull(),
  rating: integer().notNull(),
  note: text(),
})

const schema = {
  company,
  user,
  interview,
  evaluation,
  interviewRelations: relations(interview, ({ many }) => ({ evaluations: many(evaluation) })),
  evaluationRelations: relations(evaluation, ({ one }) => ({
    interview: one(interview, { fields: [evaluation.interviewId], references: [interview.id] }),
  })),
}

export const open: Open = async url => {
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const db = drizzle(pool, { schema })
  const joined = {
    id: interview.id,
    title: interview.title,
    rating: evaluation.rating,
    author: user.username,
    company: company.name,
  }

  const key = db
    .select()
    .from(interview)
    .where(eq(interview.id, sql.placeholder('id')))
    .prepare('key')
  const rows = db
    .select()
    .from(interview)
    .where(gte(interview.id, sql.placeholder('from')))
    .orderBy(interview.id)
    .limit(1000)
    .prepare('rows')
  const joins = db
    .select(joined)
    .from(interview)
    .leftJoin(evaluation, and(eq(evaluation.interviewId, interview.id), eq(evaluation.userId, sql.placeholder('me'))))
    .innerJoin(user, eq(user.id, interview.authorId))
    .innerJoin(company, eq(company.id, interview.companyId))
    .where(eq(interview.status, sql.placeholder('status')))
    .orderBy(interview.id)
    .limit(50)
    .prepare('joins')
  const nested = db.query.interview
    .findMany({
      columns: { id: true, title: true },
      with: {
        evaluations: { columns: { id: true, rating: true, note: true, userId: true }, orderBy: asc(evaluation.id) },
      },
      where: between(interview.id, sql.placeholder('first'), sql.placeholder('last')),
      orderBy: asc(interview.id),
    })
    .prepare('nested')

  return {
    build: [
      {
        name: '',
        build: i => {
          const { me, status, city, active, limit } = argumentsAt.build(i)
          const built = db
            .select(joined)
            .from(interview)
            .leftJoin(evaluation, and(eq(evaluation.interviewId, interview.id), eq(evaluation.userId, me)))
            .innerJoin(user, eq(user.id, interview.authorId))
            .innerJoin(company, eq(company.id, interview.companyId))
            .where(and(eq(interview.status, status), eq(company.city, city), eq(user.active, active)))
            .orderBy(sql`${evaluation.rating} desc nulls last`, interview.id)
            .limit(limit)
            .toSQL()
          return { text: built.sql, values: built.params }
        },
      },
    ],
    execute: {
      key: [plain('', i => key.execute({ id: argumentsAt.key(i) }))],
      rows: [plain('', i => rows.execute({ from: argumentsAt.rows(i) }))],
      joins: [plain('', i => joins.execute(argumentsAt.joins(i)))],
      nested: [plain('', i => nested.execute(argumentsAt.nested(i)))],
    },
    close: () => pool.end(),
  }
}
