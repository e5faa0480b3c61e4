// What the compiler refuses, each for the reason said above it, in words that match the heading's.
import {
  alias,
  array,
  coalesce,
  count,
  every,
  exists,
  first,
  fn,
  inner,
  int4,
  left,
  list,
  nest,
  param,
  required,
  rowNumber,
  some,
  sql,
  sum,
  union,
  when,
} from 'pillion'
import { tree } from 'pillion/tree'
import { db, evaluation, interview, page, tag, typeOf, user } from './expect.js'

const me = param<number>('me')
const mine = left(interview.evaluations, e => e.userId.eq(me))
const byOne = some(interview.evaluations)
const q = db.from(interview)
const pages = tree(page, { key: ['tenantId', 'id'], parent: ['tenantId', 'parentId'] })

// --- a to-many relation is no handle until inner, left, some or first makes one: /Many<\w+, \w+, "joined">/
// @ts-expect-error: Property 'rating' does not exist on type 'Many<…>'
typeOf(interview.evaluations.rating)
// @ts-expect-error: a Many is not Selectable
q.select({ all: interview.evaluations })
// @ts-expect-error: a Many is no condition
q.where(interview.evaluations)
// @ts-expect-error: Property 'eq' does not exist on type 'Many<…>'
q.where(interview.evaluations.eq(1))
// @ts-expect-error: below a left handle too
q.select({ all: mine.comments })
// @ts-expect-error: a list of bare to-manys
list(interview.evaluations, e => e.comments)
// @ts-expect-error: a Many cannot be nested
nest(interview.evaluations, () => ({}))

// --- semi columns and handles are for `where` only: /"semi"/
// @ts-expect-error: a semi column selected
q.select({ rating: byOne.rating })
// @ts-expect-error: a semi column inside a nested object
q.select({ by: { rating: byOne.rating } })
// @ts-expect-error: a semi handle selected
q.select({ byOne })
// @ts-expect-error: a to-one below a semi handle
q.select({ user: byOne.user })
// @ts-expect-error: an expression over a semi column
q.select({ rating: coalesce(byOne.rating, 0) })
// @ts-expect-error: an expression that mixes scopes
q.select({ same: interview.ownerId.eq(byOne.userId) })
// @ts-expect-error: a mixed CASE
q.select({ x: when(byOne.rating.gt(5), 'high').otherwise('low') })
// @ts-expect-error: a mixed array
q.select({ x: array(interview.ownerId, byOne.userId) })
// @ts-expect-error: a list correlated with a semi handle
q.select({ comments: list(byOne.comments, c => c.body) })
// @ts-expect-error: a quantifier that mentions a semi handle
q.select({ x: exists(interview.evaluations, e => e.userId.eq(byOne.userId)) })
// @ts-expect-error: a function of a semi column, whatever it is said to return
q.select({ x: fn<number>('f', int4, byOne.rating) })
// @ts-expect-error: a fragment of a semi column
q.select({ x: sql`${byOne.rating} + 1` })
// @ts-expect-error: sorted by a semi column
q.orderBy(byOne.rating.desc())
// @ts-expect-error: sorted again by a semi column
q.reorder(byOne.rating.desc())
// @ts-expect-error: grouped by a semi column
q.groupBy(byOne.rating)
// @ts-expect-error: grouped by a semi handle
q.groupBy(byOne)
// @ts-expect-error: HAVING over a semi column
q.having(byOne.rating.gt(1))
// @ts-expect-error: DISTINCT ON a semi column
q.distinctOn(byOne.rating)
// @ts-expect-error: a semi handle nested
nest(byOne, e => ({ rating: e.rating }))
// @ts-expect-error: a semi handle required
q.require(byOne)
// @ts-expect-error: a semi handle expanded
q.expand(byOne)
// @ts-expect-error: an aggregate of a semi column
count(byOne.rating)
// @ts-expect-error: a sum of a semi column
sum(byOne.rating)
// @ts-expect-error: FILTER over a semi column
count().filter(byOne.rating.gt(1))
// @ts-expect-error: a window over a semi column
rowNumber().over({ orderBy: [byOne.rating.desc()] })
// @ts-expect-error: a left join whose ON mentions a semi handle
left(interview.evaluations, e => e.userId.eq(byOne.userId))

// --- values are of the column's type: /not assignable to (parameter of )?type '(Operand|Plain|List|Expr|string|number|bigint)/
// @ts-expect-error: text beside an int4
interview.id.eq('1')
// @ts-expect-error: a number beside a bigint
evaluation.id.eq(1)
// @ts-expect-error: a text column beside an int4 column
interview.id.eq(interview.title)
// @ts-expect-error: NULL is asked with isNull()
interview.leadId.eq(null)
// @ts-expect-error: undefined, as a filter left out by mistake would be
interview.leadId.eq(undefined)
// @ts-expect-error: no label of the enumeration
interview.status.eq('shut')
// @ts-expect-error: one of the list is no number
interview.id.in([1, '2'])
// @ts-expect-error: one of the list is null
interview.id.in([1, null])
// @ts-expect-error: no label of the enumeration, in a list
interview.status.in(['open', 'shut'])
// @ts-expect-error: a subquery of text beside an int4
interview.id.in(db.from(user).select({ name: user.username }))
// @ts-expect-error: one end is text
interview.id.between(1, '2')
// @ts-expect-error: a pattern is text
interview.title.like(1)
// @ts-expect-error: a number added to text
interview.title.plus(1)
// @ts-expect-error: a list of text for a list of numbers
interview.id.in(param<string[]>('ids'))
// @ts-expect-error: a parameter of another type
interview.id.eq(param<string>('id'))
// @ts-expect-error: text for a parameter of numbers
me.is('7')
// @ts-expect-error: null for a parameter that is never null
me.is(null)
// @ts-expect-error: the default is of another type
coalesce(mine.rating, 'none')
// @ts-expect-error: branches of one CASE differ
when(interview.id.gt(1), 'a').otherwise(1)
// @ts-expect-error: elements of one array differ
array(interview.id, 'a')
// @ts-expect-error: dates cannot be summed
sum(interview.createdAt)

// --- conditions are truth values: /Condition|Expected 2 arguments/
// @ts-expect-error: a number
q.where(interview.id)
// @ts-expect-error: a plain boolean, as `a.id === b.id` would be
q.where(true)
// @ts-expect-error: a number in ON
left(interview.evaluations, e => e.id)
// @ts-expect-error: text in a quantifier
exists(interview.evaluations, e => e.note)
// @ts-expect-error: `every` without a condition asks nothing
every(interview.evaluations)
// @ts-expect-error: a number in FILTER
count().filter(interview.id)
// @ts-expect-error: a number in HAVING
q.having(count())

// --- relations where relations are needed, tables where tables are: /'(\[many\]|\[handle\]|orderBy)' is missing|'Joined<|No overload/
// @ts-expect-error: to-one, so there is nothing to list
list(interview.owner, o => o.username)
// @ts-expect-error: to-one, so there is nothing to count
count(interview.owner)
// @ts-expect-error: to-one, so EXISTS is isNotNull() of its key
some(interview.owner)
// @ts-expect-error: to-one, so it is the first already
first(interview.owner, { orderBy: o => o.id.asc() })
// @ts-expect-error: without an order no row is the first
first(interview.evaluations, {})
// @ts-expect-error: a table is not a relation
left(evaluation)
// @ts-expect-error: nor is it for an inner join
inner(evaluation)
// @ts-expect-error: nor is an alias
left(alias(evaluation))
// @ts-expect-error: a query starts from a table, and not from a to-many relation
db.from(interview.evaluations)
// @ts-expect-error: a column is no handle
required(mine.rating)

// --- what is selected: /not assignable to type 'Selectable'|Did you mean 'title'/
// @ts-expect-error: a plain number: wrap it in value(…)
q.select({ one: 1 })
// @ts-expect-error: a plain string
q.select({ one: 'a' })
// @ts-expect-error: null
q.select({ nothing: null })
// @ts-expect-error: a date
q.select({ now: new Date() })
// @ts-expect-error: an array
q.select({ both: [interview.id, interview.title] })
// @ts-expect-error: a query: wrap it in scalar(…)
q.select({ n: db.from(user).select({ n: user.id }) })
// @ts-expect-error: an order
q.select({ id: interview.id.asc() })
// @ts-expect-error: a condition that was not ended
q.select({ x: when(interview.id.gt(1), 'a') })
// @ts-expect-error: a window function without its window
q.select({ n: rowNumber() })
// @ts-expect-error: an unknown column
q.select({ x: interview.titel })

// --- clauses: /'Order<"joined">'|"first" \| "last"|number \| Param<number|at least 1 arguments|'size' is missing|'Given'/
// @ts-expect-error: an expression is no order
q.orderBy(interview.id)
// @ts-expect-error: a name is no order
q.orderBy('id')
// @ts-expect-error: NULLs come first or last
interview.id.desc({ nulls: 'middle' })
// @ts-expect-error: text for a number of rows
q.limit('5')
// @ts-expect-error: DISTINCT ON nothing
q.distinctOn()
// @ts-expect-error: a page has a size
typeOf(q.page({}))
// @ts-expect-error: a plain value is no binding
typeOf(q.all(7))
// --- set operations: /parameter of type ('"id"'|'Compatible<OrNull<{ id: number; }>>')/
// @ts-expect-error: no column of the output
union(db.from(user).select({ id: user.id }), db.from(tag).select({ id: tag.id })).orderBy('name')
// @ts-expect-error: rows of another shape
union(db.from(user).select({ id: user.id }), db.from(tag).select({ label: tag.label }))
// @ts-expect-error: columns of another type
union(db.from(user).select({ id: user.id }), db.from(tag).select({ id: tag.label }))
// --- a key of several columns is an object of them: /'(tenantId|id|parent|key)'|overload|Composite|number|Operand/
// @ts-expect-error: one of them is missing
pages.under(page, { tenantId: 1 })
// @ts-expect-error: one is of another type
pages.under(page, { tenantId: 1, id: 2 })
// @ts-expect-error: a plain value is no node
pages.under({ tenantId: 1, id: 'a' }, { tenantId: 1, id: 'a' })
// @ts-expect-error: it is no single value
pages.descendants(17)
// @ts-expect-error: a column of the parent is missing
tree(page, { key: ['tenantId', 'id'], parent: ['tenantId'] })
// @ts-expect-error: there is no such column
tree(page, { key: ['tenantId', 'ident'], parent: ['tenantId', 'parentId'] })
// @ts-expect-error: there is no such column of the parent
tree(page, { parent: 'parentID' })
