/** Ways to keep a tree against each other: every one in each round, so that a slow minute falls on all of them. @module */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { median, ratio, type Rounds } from '../statistics.js'
import type { Way, Writer } from './plant.js'

/** A way, planted. */
export interface Contender {
  readonly name: string
  readonly way: Way
  readonly client: pg.Client
  readonly writer: Writer
}

/** One question or change, and what it took each contender. */
export interface Line {
  readonly title: string
  readonly kind: Kind
  readonly entries: readonly Entry[]
}

export interface Entry {
  readonly name: string
  /** Median milliseconds. */
  readonly ms: number
  /** How many times what the baseline of the kind took, by the median over rounds. */
  readonly ratio: number
}

/** What a line's ratios are over, and whom they are held to. */
export const kinds = {
  ancestors: { baseline: 'recursive query' },
  small: { baseline: 'recursive query' },
  rows: { baseline: 'recursive query', atMost: 1.1 },
  count: { baseline: 'recursive query', atMost: 0.2 },
  facts: { baseline: 'recursive query', atMost: 0.2 },
  insert: { baseline: 'naive trigger', atMost: 1.5 },
  move: { baseline: 'naive trigger', atMost: 1.3 },
} as const
export type Kind = keyof typeof kinds

/** Every contender once a round, each round in another order, after one round that does not count. */
export async function compare(
  contenders: readonly Contender[],
  rounds: number,
  signal: AbortSignal,
  work: (each: Contender, round: number) => Promise<unknown>,
): Promise<ReadonlyMap<Contender, Rounds>> {
  const samples = new Map(contenders.map(each => [each, [] as number[][]]))
  for (let round = -1; round < rounds; round++) {
    for (const each of mixed(contenders, round)) {
      signal.throwIfAborted()
      const begun = performance.now()
      await work(each, round)
      if (round >= 0) samples.get(each)?.push([performance.now() - begun])
    }
  }
  return samples
}

/** Nobody always comes after the same one: what that leaves in the caches would be the next one's to pay for. */
function mixed(contenders: readonly Contender[], round: number): readonly Contender[] {
  const place = ({ name }: Contender): string => createHash('sha1').update(`${round} ${name}`).digest('hex')
  return contenders.toSorted((one, other) => place(one).localeCompare(place(other)))
}

export function lineOf(title: string, kind: Kind, samples: ReadonlyMap<Contender, Rounds>): Line {
  const baseline = [...samples].find(([{ name }]) => name === kinds[kind].baseline)?.[1]
  const entries = [...samples].map(([{ name }, rounds]) => ({
    name,
    ms: median(rounds.flat()),
    ratio: baseline === undefined ? Number.NaN : ratio(rounds, baseline),
  }))
  return { title, kind, entries }
}

/** How far one and the same was from itself in this line: closer than that, a ratio says nothing. */
export function noiseOf({ entries }: Line): number {
  const of = (name: string): number => entries.find(each => each.name === name)?.ratio ?? Number.NaN
  return Math.abs(of('pillion, again') / of('pillion') - 1)
}

const label = 46
const cell = 17

/** Names above the columns. */
export function heading(contenders: readonly Contender[]): string {
  return `${'milliseconds, and the ratio'.padEnd(label)}${contenders.map(({ name }) => name.padStart(cell)).join('')}   noise`
}

export function textOf(line: Line): string {
  const cells = line.entries.map(({ ms, ratio }) =>
    `${figure(ms)}${Number.isNaN(ratio) ? '' : ` ×${figure(ratio)}`}`.padStart(cell),
  )
  const noise = noiseOf(line)
  return `${line.title.padEnd(label)}${cells.join('')}${Number.isNaN(noise) ? '' : `${(noise * 100).toFixed(0)} %`.padStart(8)}`
}

/** What pillion is held to in this line, and whether it kept it. */
export function verdictOf({ title, kind, entries }: Line): string | undefined {
  const held = kinds[kind]
  const own = entries.find(({ name }) => name === 'pillion')?.ratio
  if (!('atMost' in held) || own === undefined || Number.isNaN(own)) return undefined
  const faster = entries.filter(
    ({ name, ratio }) => !name.startsWith('pillion') && name !== held.baseline && ratio < own * 0.95,
  )
  return `  ${own <= held.atMost ? 'met   ' : 'missed'}  ${title}: ${figure(own)} of the ${held.baseline}, target ${held.atMost}${faster.length > 0 ? `; faster: ${faster.map(({ name, ratio }) => `${name} ${figure(ratio)}`).join(', ')}` : ''}`
}

export function figure(n: number): string {
  return n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0)
}
