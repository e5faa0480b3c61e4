// What expressions yield, and whether NULL can come of them.
import {
  abs,
  absent,
  and,
  array,
  arrayAgg,
  arrayOf,
  avg,
  boolAnd,
  cardinality,
  cast,
  ceil,
  coalesce,
  concat,
  count,
  type DataType,
  dateTrunc,
  denseRank,
  every,
  exists,
  extract,
  firstValue,
  float8,
  fn,
  greatest,
  int4,
  jsonAgg,
  jsonb,
  lag,
  lead,
  least,
  left,
  length,
  list,
  lower,
  max,
  min,
  mode,
  none,
  not,
  nothing,
  now,
  nullif,
  numeric,
  or,
  param,
  percentileCont,
  present,
  replace,
  round,
  rowNumber,
  scalar,
  some,
  sql,
  startsWith,
  stringAgg,
  substring,
  sum,
  text,
  timestamptz,
  trim,
  upper,
  uuid,
  value,
  when,
} from 'pillion'
import { db, evaluation, interview, scope, typeOf, user, yields } from './expect.js'

const mine = left(interview.evaluations, e => e.userId.eq(7))
const byOne = some(interview.evaluations)

// comparisons: null when a side is
yields(interview.id.eq(1)).is<boolean>()
yields(interview.id.eq(mine.userId)).is<boolean | null>()
yields(mine.rating.gt(3)).is<boolean | null>()
yields(interview.id.between(1, mine.userId)).is<boolean | null>()
yields(interview.id.in([1, 2])).is<boolean>()
yields(interview.id.in(param<number[]>('ids'))).is<boolean>()
yields(mine.rating.notIn([1])).is<boolean | null>()
yields(interview.ownerId.in(db.from(user).select({ id: user.id }))).is<boolean>()
yields(interview.ownerId.in(db.from(interview).select({ id: interview.leadId }))).is<boolean | null>()
yields(interview.ownerId.notIn(db.from(interview).select({ id: interview.leadId }))).is<boolean | null>()
yields(interview.ownerId.in(array(interview.id, interview.leadId))).is<boolean | null>()
yields(interview.ownerId.in(array(interview.id, interview.ownerId))).is<boolean>()
yields(interview.ownerId.in(param<number[] | null>('ids'))).is<boolean | null>()
yields(mine.rating.isNull()).is<boolean>()
yields(mine.rating.isDistinctFrom(null)).is<boolean>()
yields(interview.status.eq('held')).is<boolean>()
yields(interview.title.ilike('%engineer%')).is<boolean>()
yields(and(interview.id.eq(1), mine.rating.gt(3))).is<boolean | null>()
yields(or(interview.id.eq(1), interview.id.eq(2))).is<boolean>()
yields(not(mine.rating.gt(3))).is<boolean | null>()
yields(present(mine)).is<boolean>()
yields(absent(mine)).is<boolean>()
yields(exists(interview.evaluations, e => e.rating.gt(8))).is<boolean>()
yields(every(interview.evaluations, e => [e.rating.gt(8), e.note.isNull()])).is<boolean>()
yields(none(interview.evaluations)).is<boolean>()

// scopes: one semi column makes the whole expression one for `where`
scope(interview.id.eq(1)).is<'joined'>()
scope(byOne.rating.gt(5)).is<'semi'>()
scope(interview.ownerId.eq(byOne.userId)).is<'joined' | 'semi'>()
scope(byOne.userId.eq(interview.ownerId)).is<'joined' | 'semi'>()
scope(interview.ownerId.between(1, byOne.userId)).is<'joined' | 'semi'>()
scope(and(interview.id.eq(1), byOne.rating.gt(5))).is<'joined' | 'semi'>()
scope(byOne.user.username.ilike('a%')).is<'semi'>()
scope(coalesce(byOne.rating, interview.id)).is<'joined' | 'semi'>()
scope(coalesce(byOne.rating, 0)).is<'semi'>()
scope(greatest(interview.ownerId, byOne.userId)).is<'joined' | 'semi'>()
scope(array(interview.ownerId, byOne.userId)).is<'joined' | 'semi'>()
scope(when(byOne.rating.gt(5), 'high').otherwise('low')).is<'semi'>()
scope(when(interview.id.gt(5), 1).otherwise(byOne.userId)).is<'joined' | 'semi'>()
scope(lower(byOne.user.username)).is<'semi'>()
scope(concat(interview.title, byOne.note)).is<'joined' | 'semi'>()
scope(cast(byOne.rating, text)).is<'semi'>()
scope(startsWith(interview.title, byOne.user.username)).is<'joined' | 'semi'>()
scope(interview.ownerId.in(array(byOne.userId))).is<'joined' | 'semi'>()
scope(present(byOne.user)).is<'semi'>()
scope(count(byOne.comments)).is<'semi'>()
scope(exists(byOne.comments)).is<'semi'>()
scope(exists(interview.evaluations, e => e.userId.eq(byOne.userId))).is<'joined' | 'semi'>()
scope(sql`${interview.id} > ${byOne.userId}`).is<'joined' | 'semi'>()
scope(sql(float8)`abs(${byOne.userId})`).is<'semi'>()
scope(fn('f', float8, interview.id, byOne.userId, 3)).is<'joined' | 'semi'>()

// arithmetic and text
yields(interview.id.plus(1)).is<number>()
yields(interview.id.plus(mine.rating)).is<number | null>()
yields(interview.title.concat('!')).is<string>()
yields(interview.title.concat(mine.note)).is<string | null>()
yields(concat(interview.title, ' ', mine.note)).is<string>()
yields(lower(interview.title)).is<string>()
yields(upper(mine.note)).is<string | null>()
yields(trim(interview.title)).is<string>()
yields(length(mine.note)).is<number | null>()
yields(substring(interview.title, 1, 3)).is<string>()
yields(replace(interview.title, 'a', 'b')).is<string>()
yields(startsWith(interview.title, 'a')).is<boolean>()
yields(startsWith(interview.title, interview.lead.username)).is<boolean | null>()
yields(abs(mine.rating)).is<number | null>()
yields(ceil(interview.id)).is<number>()
yields(round(interview.id)).is<number>()
yields(round(mine.rating, 2)).is<string | null>()
yields(now()).is<Date>()
yields(dateTrunc('month', mine.createdAt)).is<Date | null>()
yields(extract('year', interview.heldOn)).is<number | null>()

// coalesce is null only when everything given may be
yields(coalesce(mine.rating, 0)).is<number>()
yields(coalesce(mine.rating, interview.leadId)).is<number | null>()
yields(coalesce(mine.rating, interview.leadId, interview.id)).is<number>()
yields(coalesce(mine.rating, interview.leadId, 0)).is<number>()
yields(coalesce(interview.id, mine.rating)).is<number>()
yields(coalesce(mine.note, '')).is<string>()
yields(greatest(interview.id, mine.rating)).is<number>()
yields(greatest(mine.rating, 1)).is<number>()
yields(least(mine.rating, interview.leadId)).is<number | null>()
yields(nullif(interview.id, 0)).is<number | null>()

// CASE
yields(when(interview.id.gt(2), 'a').when(interview.id.gt(1), 'b').otherwise('c')).is<string>()
yields(when(interview.id.gt(2), 'a').end()).is<string | null>()
yields(when(interview.id.gt(2), mine.rating).otherwise(0)).is<number | null>()
yields(when(interview.id.gt(2), 0).otherwise(mine.rating)).is<number | null>()
yields(when(interview.id.gt(2), interview.status).otherwise('open')).is<'open' | 'held' | 'closed'>()

// casts and values: the type of the data says the type of the value
yields(cast(interview.id, text)).is<string>()
yields(cast(mine.rating, text)).is<string | null>()
yields(cast(param<number>('x'), int4)).is<number>()
yields(cast(interview.title, uuid)).is<string>()
yields(cast(interview.id, numeric)).is<string>()
yields(cast(mine.note, jsonb)).is<unknown>()
yields(cast(mine.note, arrayOf(int4))).is<(number | null)[] | null>()
yields(cast(interview.id, {} as DataType)).is<unknown>()
yields(cast<'a' | 'b'>(interview.title, text)).is<'a' | 'b' | null>()
yields(value(1)).is<number>()
yields(value('a')).is<string>()
yields(value([1, 2], arrayOf(int4))).is<number[]>()
yields(nothing(timestamptz)).is<Date | null>()
yields(nothing<'a'>(text)).is<'a' | null>()
yields(fn('score', float8, interview.title, 3)).is<number | null>()
yields(fn<number>('score', float8, interview.title, 3)).is<number>()

// arrays and JSON
yields(array(interview.id, 2)).is<number[]>()
yields(array(interview.id, mine.rating)).is<(number | null)[]>()
yields(cardinality(array(interview.id, 2))).is<number>()
yields(array(interview.id, 2).has(3)).is<boolean>()
yields(array(interview.id, interview.leadId).has(3)).is<boolean | null>()
yields(evaluation.createdAt.minus(interview.createdAt)).is<string>()
yields(mine.createdAt.minus(interview.createdAt)).is<string | null>()
yields(interview.heldOn.minus('2026-01-01')).is<string | null>()
yields(interview.id.minus(1)).is<number>()
yields(array(interview.id, 2).contains([1])).is<boolean>()
yields(cast(interview.title, jsonb).jsonText('a', 0)).is<string | null>()
yields(cast(interview.title, jsonb).json<{ a: number }>('a')).is<{ a: number } | null>()

// fragments
yields(sql`${interview.title} || 'x'`).is<string | null>()
yields(sql<string>`${interview.title} || 'x'`).is<string>()
yields(sql<number>(float8)`similarity(${interview.title}, ${value('x')})`).is<number>()
yields(sql(float8)`similarity(${interview.title}, ${value('x')})`).is<number | null>()

// aggregates
yields(count()).is<number>()
yields(count(mine.rating)).is<number>()
yields(count(interview.evaluations)).is<number>()
yields(count(interview.evaluations, e => e.rating.gt(3))).is<number>()
yields(sum(evaluation.rating)).is<number | null>()
yields(sum(interview.evaluations, e => e.rating)).is<number | null>()
yields(sum(interview.evaluations, e => e.id)).is<bigint | null>()
yields(sum(interview.budget)).is<string | null>()
yields(avg(interview.evaluations, e => e.rating)).is<number | null>()
yields(avg(evaluation.id)).is<string | null>()
yields(min(interview.evaluations, e => e.createdAt)).is<Date | null>()
yields(max(interview.status)).is<'open' | 'held' | 'closed' | null>()
yields(count().filter(evaluation.rating.gt(3))).is<number>()
yields(sum(evaluation.rating).distinct()).is<number | null>()
yields(arrayAgg(evaluation.rating)).is<(number | null)[] | null>()
yields(stringAgg(user.username, ', ', { orderBy: [user.username.asc()] })).is<string | null>()
yields(jsonAgg<{ a: 1 }>(user.id)).is<{ a: 1 }[] | null>()
yields(boolAnd(mine.rating.gt(3))).is<boolean | null>()
yields(percentileCont(0.5, evaluation.rating.asc())).is<number | null>()
yields(mode(evaluation.userId)).is<number | null>()
yields(coalesce(sum(evaluation.rating), 0)).is<number>()

// windows
yields(rowNumber().over({ orderBy: [evaluation.rating.desc()], partitionBy: [evaluation.userId] })).is<number>()
yields(denseRank().over({ orderBy: [evaluation.rating.desc()] })).is<number>()
yields(sum(evaluation.userId).over({ partitionBy: [evaluation.interviewId] })).is<number | null>()
yields(lag(evaluation.userId).over({ orderBy: [evaluation.id.asc()] })).is<number | null>()
yields(lag(evaluation.userId, 1, 0).over({ orderBy: [evaluation.id.asc()] })).is<number>()
yields(lead(evaluation.userId, 2, evaluation.rating).over({})).is<number | null>()
yields(lead(evaluation.rating, 1, 0).over({})).is<number | null>()
yields(firstValue(evaluation.userId).over({})).is<number | null>()

// subqueries
yields(scalar(db.from(user).select({ n: max(user.id) }))).is<number | null>()
yields(scalar(db.from(user).select({ n: user.username }))).is<string | null>()
yields(list(interview.evaluations, e => e.id)).is<bigint[]>()

// parameters
typeOf(param<number>('me').is).is<(value: number) => import('pillion').Binding>()
yields(param<string | null>('x')).is<string | null>()
yields(param<number>('me').eq(interview.id)).is<boolean>()
