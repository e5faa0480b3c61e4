/** The build and execute cases, over all contenders. @module */
import { type Case, cases } from './cases.js'
import { contenders } from './contender.js'
import { interleaved } from './measure.js'
import type { Checked } from './messages.js'
import { type Absent, type ContenderProcess, startContender } from './process.js'
import { labelOf, type Measured, type Target } from './results.js'

/** The contenders that stand, each in its process, and those that do not. */
export interface Field extends AsyncDisposable {
  readonly present: readonly ContenderProcess[]
  readonly absent: readonly Absent[]
}

export async function openField(url: string, signal: AbortSignal): Promise<Field> {
  const started: (ContenderProcess | Absent)[] = []
  for (const contender of contenders) started.push(await startContender(contender, url, signal))
  const present = started.filter(contender => 'ask' in contender)
  return {
    present,
    absent: started.filter(contender => 'absent' in contender),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(present.map(contender => contender[Symbol.asyncDispose]()))
    },
  }
}

interface Entry {
  readonly contender: ContenderProcess
  readonly variant: string
  readonly checked: Checked
}

/** Checks that all answer alike, warms up, and takes the times of one case. */
export async function measureCase(of: Case, { present, absent }: Field, rounds: number): Promise<Measured> {
  const entries = await checkedEntries(of, present)
  const { title, batch } = cases[of]
  const entrants = entries.map(({ contender, variant }) => ({
    sample: (round: number) => contender.ask({ kind: 'batch', case: of, variant, first: round * batch, count: batch }),
    warmUp: () => contender.ask({ kind: 'batch', case: of, variant, first: 0, count: 8 * batch }),
  }))
  for (const { warmUp } of entrants) await warmUp()
  const samples = await interleaved(entrants, rounds)
  return {
    id: of,
    title,
    ...(of === 'build' ? { baseline: 'kysely' } : { baseline: 'pg', control: 'pg again' }),
    lines: entries.map(({ contender, variant, checked }, at) => ({
      contender: contender.name,
      variant,
      rounds: samples[at]!,
      sql: checked.sql,
    })),
    absent,
    targets: of === 'build' ? buildTargets : executeTargets,
  }
}

const buildTargets: readonly Target[] = [
  { subject: 'pillion', variant: 'cold', against: 'kysely', atMost: 0.8 },
  { subject: 'pillion', variant: 'cold', against: 'drizzle', atMost: 0.25 },
]

const executeTargets: readonly Target[] = [
  { subject: 'pillion', against: 'pg', atMost: 1.05 },
  ...['kysely', 'drizzle', 'prisma', 'typeorm'].map(against => ({
    subject: 'pillion',
    against,
    atMost: 1,
  })),
]

/** Every variant of the case, all of which were seen to give the same rows. */
async function checkedEntries(of: Case, present: readonly ContenderProcess[]): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (const contender of present)
    for (const variant of await contender.ask({ kind: 'variants', case: of }))
      entries.push({ contender, variant, checked: await contender.ask({ kind: 'check', case: of, variant }) })
  for (const entry of entries.slice(1)) assertSameRows(of, entries[0]!, entry)
  return entries
}

function assertSameRows(of: Case, one: Entry, other: Entry): void {
  const [a, b] = [one.checked.rows, other.checked.rows]
  if (a === b) return
  let at = 0
  while (a[at] === b[at]) at++
  const around = (text: string) => text.slice(Math.max(0, at - 60), at + 60)
  throw new Error(`${of}: ${entryLabel(one)} and ${entryLabel(other)} differ:\n  …${around(a)}…\n  …${around(b)}…`)
}

function entryLabel({ contender, variant }: Entry): string {
  return labelOf({ contender: contender.name, variant })
}
