/**
 * One host in a process of its own, as an application has it: `once.js <host> <database> <rounds>`. Several in one would
 * make the engine's code for each slower than it is alone.
 *
 * @module
 */
import { deepStrictEqual } from 'node:assert'
import { param, pillion } from 'pillion'
import { contest, isPromise, type Outcome, type Way, type Ways } from './contest.js'
import type { Ask, Rider, Row } from './rider.js'
import { riders } from './riders/index.js'
import { type Case, raws } from './table.js'

export type Outcomes = Readonly<Record<Case, Outcome>>

/** What became of a host. */
export interface Found {
  readonly root: Outcomes
  /** Absent where its transactions take no promises. */
  readonly inside?: Outcomes
}

interface DB {
  ride: object
}

async function main(name: string, database: string, rounds: number): Promise<Found> {
  const entry = riders.find(each => each.name === name)
  if (entry === undefined) throw new Error(`there is no host ${name}`)
  const open = await entry.load()
  const rider = await open(database)
  const asked = await waysOf(rider)
  const root = await outcomes(asked(undefined, rider.root), rounds)
  let inside: Outcomes | undefined
  await rider.transaction?.(async (target, ask) => {
    inside = await outcomes(asked(target, ask), rounds)
  })
  await rider.close()
  return inside === undefined ? { root } : { root, inside }
}

type Asked = Readonly<Record<Case, Ways>>

async function waysOf(rider: Rider): Promise<(target: unknown, ask: Ask) => Asked> {
  const db = await pillion<DB>(rider.host)
  const { ride } = db.tables as unknown as { ride: Parameters<typeof db.from>[0] & Record<'id', never> }
  const id = param<number>('id')
  const column = ride.id as { eq(value: unknown): never; asc(): never }
  const queries = { one: db.from(ride).where(column.eq(id)), thousand: db.from(ride).orderBy(column.asc()) }
  const given = { one: [id.is(500)], thousand: [] } as const
  const alike = reading(rider)
  const atOnce = rider.host.runSync !== undefined
  return (target, ask) => {
    const waysIn = (of: Case): Ways => {
      const query = target === undefined ? queries[of] : queries[of].on(target)
      const raw = () => ask(raws[of])
      return {
        raw,
        again: raw,
        alike() {
          const answer = raw()
          return isPromise(answer) ? answer.then(alike) : alike(answer)
        },
        ride: atOnce ? () => query.allSync(...given[of]) : () => query.all(...given[of]),
      }
    }
    return { one: waysIn('one'), thousand: waysIn('thousand') }
  }
}

/** Makes the rows of a raw result what the ride gives. */
function reading({ rows, lacking }: Rider): (result: unknown) => readonly Row[] {
  const left = Object.entries(lacking) as [string, (value: unknown) => unknown][]
  return result => {
    const found = rows(result as never) as readonly Row[]
    for (const row of found) for (const [column, convert] of left) row[column] = convert(row[column])
    return found
  }
}

async function outcomes(asked: Asked, rounds: number): Promise<Outcomes> {
  await check(asked.one)
  await check(asked.thousand)
  return { one: await contest(asked.one, rounds), thousand: await contest(asked.thousand, rounds) }
}

/** Before anything is timed: both sides have the same rows, value by value and type by type. */
async function check(asked: Ways): Promise<void> {
  const of = async (way: Way) => ((await asked[way]()) as readonly Row[]).map(row => ({ ...row }))
  deepStrictEqual(await of('alike'), await of('ride'))
}

const [name = '', database = '', rounds = ''] = process.argv.slice(2)
process.send?.(await main(name, database, Number(rounds)), () => process.exit())
