// Rows are what was selected, and NULL follows the handle wherever its columns travel.
import {
  alias,
  type Column,
  type Expr,
  type Filterable,
  first,
  type Handle,
  inner,
  type Kind,
  left,
  list,
  nest,
  on,
  param,
  type Query,
  relate,
  required,
  type Scope,
} from 'pillion'
import type { EvaluationRow, Evaluation, InterviewRow, User, UserRow } from '../support/interviews.gen.js'
import { db, department, evaluation, interview, row, typeOf, user, yields } from './expect.js'

const me = param<number>('me')
const mine = left(interview.evaluations, e => e.userId.eq(me))
const theirs = inner(interview.evaluations)

// a whole table
row(db.from(interview)).is<InterviewRow>()

// columns, of the root, of a left handle, and of to-one relations below it
row(db.from(interview).select({ id: interview.id, title: interview.title, rating: mine.rating })).is<{
  id: number
  title: string
  rating: number | null
}>()
row(db.from(interview).select({ at: mine.createdAt, by: mine.user.username, its: mine.interview.owner.id })).is<{
  at: Date | null
  by: string | null
  its: number | null
}>()
row(
  db.from(interview).expand(theirs).select({ at: theirs.createdAt, rating: theirs.rating, by: theirs.user.username }),
).is<{
  at: Date
  rating: number | null
  by: string
}>()

// to-one over a key that may be NULL, and over one that may not
row(db.from(interview).select({ lead: interview.lead.username, owner: interview.owner.username })).is<{
  lead: string | null
  owner: string
}>()
row(db.from(user).select({ bio: user.profile.bio, up: user.department.parent.name })).is<{
  bio: string | null
  up: string | null
}>()

// a nullable to-one, joined inner below a root and below a left handle
yields(inner(interview.lead).username).is<string | null>()
yields(left(interview.owner).username).is<string | null>()
yields(inner(theirs.comments).body).is<string>()
yields(inner(mine.comments).body).is<string | null>()
yields(left(theirs.comments).body).is<string | null>()

// enumerations, dates, exact numbers
row(db.from(interview).select({ s: interview.status, b: interview.budget, h: interview.heldOn, e: theirs.id })).is<{
  s: 'open' | 'held' | 'closed'
  b: string | null
  h: string | null
  e: bigint
}>()

// whole handles
row(db.from(interview).select({ mine, owner: interview.owner, lead: interview.lead, self: interview })).is<{
  mine: EvaluationRow | null
  owner: UserRow
  lead: UserRow | null
  self: InterviewRow
}>()

// nested plain objects are never null; their columns are
row(db.from(interview).select({ id: interview.id, by: { name: mine.user.username, at: { rating: mine.rating } } })).is<{
  id: number
  by: { name: string | null; at: { rating: number | null } }
}>()

// nest is null as a whole, and inside, columns have their own nullability
row(
  db.from(interview).select({
    mine: nest(mine, e => ({
      at: e.createdAt,
      rating: e.rating,
      by: e.user.username,
      who: e.user,
      its: e.interview.lead,
    })),
    owner: nest(interview.owner, o => ({ name: o.username, email: o.email })),
  }),
).is<{
  mine: { at: Date; rating: number | null; by: string; who: UserRow; its: UserRow | null } | null
  owner: { name: string; email: string | null }
}>()

// lists: of objects, of scalars, of rows, of lists
row(
  db.from(interview).select({
    objects: list(interview.evaluations, e => ({ by: e.user.username, rating: e.rating }), {
      orderBy: e => e.rating.desc(),
      where: e => e.rating.gt(3),
      limit: 3,
    }),
    scalars: list(interview.tags, t => t.label),
    nullables: list(interview.evaluations, e => e.rating),
    rows: list(interview.evaluations, e => e),
    joined: list(interview.evaluations, e => e.interview.lead),
    lists: list(interview.evaluations, e => ({
      id: e.id,
      comments: list(e.comments, c => ({ body: c.body, by: c.author })),
    })),
    nests: list(interview.evaluations, e => nest(e.interview.lead, l => ({ name: l.username }))),
    belowLeft: list(mine.comments, c => c.body),
  }),
).is<{
  objects: { by: string; rating: number | null }[]
  scalars: string[]
  nullables: (number | null)[]
  rows: EvaluationRow[]
  joined: (UserRow | null)[]
  lists: { id: bigint; comments: { body: string; by: UserRow | null }[] }[]
  nests: ({ name: string } | null)[]
  belowLeft: string[]
}>()

// first: one row or none
const best = first(interview.evaluations, {
  orderBy: e => e.rating.desc({ nulls: 'last' }),
  where: e => e.rating.gt(1),
})
row(db.from(interview).select({ rating: best.rating, by: best.user.username, best })).is<{
  rating: number | null
  by: string | null
  best: EvaluationRow | null
}>()

// required: present, with its children; a column that may be NULL stays so
row(
  db
    .from(interview)
    .require(mine)
    .select({
      at: required(mine).createdAt,
      by: required(mine).user.username,
      rating: required(mine).rating,
      whole: required(mine),
    }),
).is<{ at: Date; by: string; rating: number | null; whole: EvaluationRow }>()

// on keeps the kind of the handle
yields(on(mine, e => e.rating.gt(3)).createdAt).is<Date | null>()
yields(on(theirs, theirs.rating.gt(3)).createdAt).is<Date>()

// alias, relate
const other = alias(interview, 'other')
row(db.from(other).select({ id: other.id, lead: other.lead.username })).is<{ id: number; lead: string | null }>()
const sameDay = relate(interview, other, o => o.heldOn.eq(interview.heldOn))
yields(left(sameDay).id).is<number | null>()
yields(inner(sameDay).id).is<number>()
yields(list(sameDay, o => o.title)).is<string[]>()
yields(inner(relate(mine, department, d => d.id.eq(mine.userId))).name).is<string | null>()

// helpers: any query, any handle of a table, any handle that has a column
const applyPermissions = <Q extends Filterable>(q: Q) => q.where(interview.owner.username.eq('ada'))
const ranked = db.from(interview).select({ id: interview.id, rating: mine.rating })
typeOf(applyPermissions(ranked)).is<Query<{ id: number; rating: number | null }>>()
row(applyPermissions(applyPermissions(db.from(interview))).orderBy(interview.id.asc())).is<InterviewRow>()

const author = <N>(e: Evaluation<N>) => e.user.username
yields(author(mine)).is<string | null>()
yields(author(theirs)).is<string>()

const initials = (u: User<null>) => ({ name: u.username, email: u.email })
row(db.from(interview).select({ lead: initials(interview.lead) })).is<{
  lead: { name: string | null; email: string | null }
}>()

const rated = <T, S extends Scope>(h: { readonly rating: Column<T, S> }) => h.rating
yields(rated(mine)).is<number | null>()
yields(rated(evaluation)).is<number | null>()

const pick = <T>(h: { readonly id: Expr<T> }) => ({ id: h.id })
row(db.from(interview).select({ owner: pick(interview.owner), lead: pick(interview.lead) })).is<{
  owner: { id: number }
  lead: { id: number | null }
}>()

const isHere = <K extends Kind, N>(h: Handle<K, N, 'joined'>) => db.from(interview).require(h)
row(isHere(mine)).is<InterviewRow>()
