/**
 * The tour: each query with its SQL, some of its rows and its joins, and one inside a transaction of the ORM's.
 *
 * @module
 */
import { type Database, from, none } from 'pillion'
import { type DB, tables } from '../db.js'
import { joinsOf } from '../explanation.js'
import type { Orm } from '../orm/orm.js'
import { me } from '../queries/me.js'
import { laidOut } from '../sql-layout.js'
import { heading, joinLines, quiet, table } from './print.js'
import { ranked, type Stop, stops, traveller } from './queries.js'

const { interview } = tables
const rowsShown = 5

/** Text to print, piece by piece, each once its query has run. */
export async function* tour(orm: Orm, db: Database<DB>): AsyncGenerator<string> {
  for (const [index, stop] of stops.entries()) yield await visit(stop, index + 1, db)
  yield await rideAlong(orm, stops.length + 1, db)
}

async function visit({ title, says, query, given }: Stop, number: number, db: Database<DB>): Promise<string> {
  const asked = query.limit(rowsShown).on(db)
  const [rows, total] = await Promise.all([asked.all(...given), asked.count(...given)])
  return [
    ...heading(number, title, says),
    laidOut(asked.toSQL(...given).sql, 90),
    '',
    ...table(rows),
    quiet(`the first ${rows.length} of ${total.toLocaleString('en')}`),
    '',
    ...joinLines(joinsOf(asked)),
    '',
  ].join('\n')
}

/** What a transaction is rolled back by. */
const rollback = new Error('rolled back, as the tour wants it')

async function rideAlong(orm: Orm, number: number, db: Database<DB>): Promise<string> {
  const { id } = await from(interview)
    .select({ id: interview.id })
    .where(none(interview.evaluations, evaluation => evaluation.userId.eq(me)))
    .orderBy(interview.id.asc())
    .limit(1)
    .on(db)
    .one(me.is(traveller))
  const rated = ranked.where(interview.id.eq(id)).on(db)
  const look = async (when: string, query = rated) => ({ when, ...(await query.one(me.is(traveller))) })

  const seen = [await look('before')]
  await orm
    .writes(async ({ target, createEvaluation }) => {
      const createdAt = new Date()
      await createEvaluation({ interviewId: id, userId: traveller, rating: 10, note: null, createdAt })
      seen.push(await look('inside, not committed', rated.on(target)), await look('outside, meanwhile'))
      throw rollback
    })
    .catch(error => {
      if (error !== rollback) throw error
    })
  seen.push(await look('after the rollback'))

  const says = `${orm.name} begins a transaction and writes a rating; the third query, inside it, sees what nobody else does.`
  return [...heading(number, "Inside the ORM's own transaction", says), ...table(seen), ''].join('\n')
}
