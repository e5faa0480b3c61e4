/**
 * What is reckoned with numbers of several types is, on each dialect, of the TypeScript type and of the value that a
 * reckoner in JavaScript gives it: whole numbers stay whole, a fraction beside them makes fractions of both.
 */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  cast,
  coalesce,
  count,
  extract,
  float8,
  greatest,
  int8,
  least,
  numeric,
  round,
  sum,
  unionAll,
  value,
  when,
  type Expr,
} from 'pillion'
import { type Arena, grounds } from './arena/arena.js'
import { chosen, type Choose } from './choices.js'
import { patience } from './trial.js'

vi.setConfig({ testTimeout: patience })

const [rating, interview, id, budget] = [-5, 7, 12n, '2.50']
const rows = {
  department: [{ id: 1, name: 'all', parentId: null }],
  user: [{ id: 1, username: 'ada', email: null, departmentId: 1 }],
  interview: [
    {
      id: interview,
      title: 'one',
      status: 'open',
      ownerId: 1,
      leadId: null,
      departmentId: 1,
      budget,
      createdAt: '2026-03-01 00:00:00.000000',
      heldOn: null,
    },
  ],
  evaluation: [{ id, interviewId: interview, userId: 1, rating, note: null, createdAt: '2026-03-01 00:00:00.000000' }],
  comment: [],
  tag: [],
  interviewTag: [],
}

/** A number as TypeScript has it: a decimal by the whole number of its last digits. */
type Reckoned =
  | { readonly kind: 'whole' | 'fraction'; readonly is: number }
  | { readonly kind: 'bigint'; readonly is: bigint }
  | { readonly kind: 'decimal'; readonly is: bigint; readonly digits: number }

type Kind = 'number' | 'bigint' | 'string'

/** An atom by its place, or two terms and what is made of them. */
type Term = number | readonly [Way, Term, Term]

/** How a number is made, told twice: to pillion and to the reckoner. `plain` where it is no expression. */
interface Made {
  readonly of: unknown
  readonly is: Reckoned
  readonly plain?: true
}

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

const operators = ['plus', 'minus', 'times', 'dividedBy', 'modulo'] as const
type Operator = (typeof operators)[number]
const foldings = ['greatest', 'least', 'coalesce', 'case'] as const
type Folding = (typeof foldings)[number]
type Way = Operator | Folding

const isFolding = (way: Way): way is Folding => (foldings as readonly Way[]).includes(way)

function termFrom(choose: Choose, depth: number): Term {
  if (depth === 0 || !choose.rarely(2)) return choose.below(32)
  return [choose.one([...operators, ...foldings]), termFrom(choose, depth - 1), termFrom(choose, depth - 1)]
}

describe.each(grounds())('on $dialect', ({ open }) => {
  let arena: Arena
  beforeAll(async () => {
    arena = await open()
    await arena.fill(rows)
  })
  afterAll(() => arena.close())

  function atoms(kind: Kind): readonly [Made, ...Made[]] {
    const { evaluation } = arena.db.tables
    const { evaluations } = evaluation.interview
    const whole = (of: unknown, is: number): Made => ({ of, is: { kind: 'whole', is } })
    const fraction = (of: unknown, is: number): Made => ({ of, is: { kind: 'fraction', is } })
    const big = (of: unknown, is: bigint): Made => ({ of, is: { kind: 'bigint', is } })
    const decimal = (of: unknown, is: bigint, digits: number): Made => ({ of, is: { kind: 'decimal', is, digits } })
    switch (kind) {
      case 'number':
        return [
          whole(evaluation.interviewId, interview),
          whole(evaluation.rating, rating),
          whole(count(evaluations), 1),
          whole(
            sum(evaluations, e => e.rating),
            rating,
          ),
          whole(value(3), 3),
          fraction(value(0.5), 0.5),
          fraction(cast(evaluation.rating, float8), rating),
          fraction(extract('month', evaluation.createdAt), 3),
          { ...whole(2, 2), plain: true },
          { ...fraction(0.25, 0.25), plain: true },
        ]
      case 'bigint':
        return [
          big(evaluation.id, id),
          big(
            sum(evaluations, e => e.id),
            id,
          ),
          big(cast(evaluation.rating, int8), BigInt(rating)),
          big(value(5n), 5n),
          { ...big(3n, 3n), plain: true },
        ]
      case 'string':
        return [
          decimal(evaluation.interview.budget, 250n, 2),
          decimal(cast(evaluation.rating, numeric), BigInt(rating), 0),
          decimal(round(evaluation.interview.budget, 1), 25n, 1),
          decimal(value('0.25', numeric), 25n, 2),
          { ...decimal('1.1', 11n, 1), plain: true },
        ]
    }
  }

  function made(term: Term, kind: Kind): Made {
    const all = atoms(kind)
    if (typeof term === 'number') return all[term % all.length] as Made
    const [way, first, second] = term
    const [a, b] = [made(first, kind), made(second, kind)]
    if (a.plain) return all[0]
    if (isFolding(way)) return oneOf(way, a, b)
    const is = reckon(way, a.is, b.is)
    return is === undefined ? a : { of: (a.of as Any)[way](b.of), is }
  }

  it.each(['number', 'bigint', 'string'] as const)('a %s is what it is reckoned to be', async kind => {
    const several = fc.array(
      chosen(choose => termFrom(choose, 4), 60),
      { minLength: 12, maxLength: 12, size: 'max' },
    )
    const law = fc.asyncProperty(several, async terms => {
      const { evaluation } = arena.db.tables
      // by itself a plain number is none that can be selected
      const list = terms.map(term => made(['plus', 0, term], kind))
      const fields = Object.fromEntries(list.map(({ of }, i) => [`x${i}`, of])) as Record<string, Expr<unknown>>
      const row = await arena.db.from(evaluation).select(fields).one()
      list.forEach(({ is }, i) => expectReckoned(row[`x${i}`], is, arena.manner.numerics === 'shortest'))
    })
    await fc.assert(law, { numRuns: 40 })
  })

  it('whole numbers in a set operation with fractions are fractions, on either side', async () => {
    const { evaluation } = arena.db.tables
    const total = arena.db.from(evaluation).select({ n: sum(evaluation.rating) })
    const half = arena.db.from(evaluation).select({ n: cast(evaluation.rating, float8).dividedBy(2) })
    for (const both of [unionAll(total, half), unionAll(half, total), unionAll(unionAll(total, total), half)]) {
      expect(new Set((await both.all()).map(row => row.n))).toEqual(new Set([rating, rating / 2]))
    }
  })
})

/** One of two that are of one type to the server: the greater, the less, the first, the one of a CASE. */
function oneOf(way: Folding, a: Made, b: Made): Made {
  const type = together(a.is, b.is)
  const isLess = Number(a.is.is) / scaleOf(a.is) < Number(b.is.is) / scaleOf(b.is)
  const made = (of: unknown, is: Reckoned): Made => ({
    of,
    is: type === 'fraction' ? ({ ...is, kind: type } as Reckoned) : is,
  })
  const [x, y] = [a.of, b.of] as [Any, Any]
  switch (way) {
    case 'greatest':
      return made(greatest(x, y), isLess ? b.is : a.is)
    case 'least':
      return made(least(x, y), isLess ? a.is : b.is)
    case 'coalesce':
      return made(coalesce(x, y), a.is)
    case 'case':
      return made(when(value(1).eq(2), x).otherwise(y), b.is)
  }
}

const scaleOf = (of: Reckoned): number => (of.kind === 'decimal' ? 10 ** of.digits : 1)

function together(a: Reckoned, b: Reckoned): Reckoned['kind'] {
  return a.kind === 'whole' && b.kind === 'fraction' ? 'fraction' : a.kind
}

/** Nothing where the servers refuse or differ: zero below a line, whole numbers past what an int4 holds, quotients of decimals, remainders of fractions. */
function reckon(operator: Operator, a: Reckoned, b: Reckoned): Reckoned | undefined {
  if (a.kind === 'decimal' || b.kind === 'decimal')
    return a.kind === b.kind ? ofDecimals(operator, a as Any, b as Any) : undefined
  if (a.kind === 'bigint' || b.kind === 'bigint') {
    const is = ofBigints(operator, BigInt(a.is), BigInt(b.is))
    return is === undefined || is > 2n ** 62n || is < -(2n ** 62n) ? undefined : { kind: 'bigint', is }
  }
  if (a.kind === 'whole' && b.kind === 'whole') {
    const is = ofBigints(operator, BigInt(a.is), BigInt(b.is))
    return is === undefined || is > 2 ** 30 || is < -(2 ** 30) ? undefined : { kind: 'whole', is: Number(is) }
  }
  const is = ofFractions(operator, a.is, b.is)
  return is === undefined ? undefined : { kind: 'fraction', is }
}

function ofBigints(operator: Operator, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case 'plus':
      return a + b
    case 'minus':
      return a - b
    case 'times':
      return a * b
    case 'dividedBy':
      return b === 0n ? undefined : a / b
    case 'modulo':
      return b === 0n ? undefined : a % b
  }
}

function ofFractions(operator: Operator, a: number, b: number): number | undefined {
  switch (operator) {
    case 'plus':
      return a + b
    case 'minus':
      return a - b
    case 'times':
      return a * b
    case 'dividedBy':
      return b === 0 ? undefined : a / b
    case 'modulo':
      return undefined
  }
}

type Decimal = Reckoned & { readonly kind: 'decimal' }

function ofDecimals(operator: Operator, a: Decimal, b: Decimal): Decimal | undefined {
  if (operator === 'times') return { kind: 'decimal', is: a.is * b.is, digits: a.digits + b.digits }
  if (operator !== 'plus' && operator !== 'minus') return undefined
  const digits = Math.max(a.digits, b.digits)
  const [x, y] = [a, b].map(each => each.is * 10n ** BigInt(digits - each.digits)) as [bigint, bigint]
  return { kind: 'decimal', is: operator === 'plus' ? x + y : x - y, digits }
}

function expectReckoned(found: unknown, wanted: Reckoned, inDoubles: boolean): void {
  switch (wanted.kind) {
    case 'whole':
    case 'bigint':
      expect(found).toBe(wanted.is)
      return
    case 'fraction':
      expect(found).toBeTypeOf('number')
      expect(found).toBeCloseTo(wanted.is, 9)
      return
    case 'decimal': {
      expect(found).toBeTypeOf('string')
      const exact = Number(wanted.is) / 10 ** wanted.digits
      if (inDoubles) expect(Number(found)).toBeCloseTo(exact, 9)
      else expect(scaled(found as string, wanted.digits)).toBe(wanted.is)
    }
  }
}

/** A decimal by the whole number of so many of its digits; what is behind them must be zeros. */
function scaled(text: string, digits: number): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  expect(fraction.slice(digits)).toMatch(/^0*$/)
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
}
