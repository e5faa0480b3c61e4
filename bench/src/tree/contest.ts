/** Ways to keep a tree against each other: every one in each round, so that a slow minute falls on all of them. @module */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { median, ratio, type Rounds } from '../statistics.js'
import { type Asked, byIndex, usually, type Way, type Writer } from './plant.js'

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

/** Who answers a question about what is below, and how it is asked. */
export interface Reader extends Contender {
  readonly asked: Asked
}

/** As `underIndexed` is called in the tables. */
const indexed = 'underIndexed'

/** Everybody as usual, and pillion by the other word for it, too. */
export function asUsual(contenders: readonly Contender[]): readonly Reader[] {
  return contenders.flatMap(each => [
    { ...each, asked: usually },
    ...(each.name === 'pillion' ? [{ ...each, name: indexed, asked: byIndex }] : []),
  ])
}

/** Everybody by an array of keys. */
export function allByIndex(contenders: readonly Contender[]): readonly Reader[] {
  return contenders.map(each => ({ ...each, asked: byIndex }))
}

/** Every contender once a round, each round in another order, after one round that does not count. */
export async function compare<C extends Contender>(
  contenders: readonly C[],
  rounds: number,
  signal: AbortSignal,
  work: (each: C, round: number) => Promise<unknown>,
): Promise<ReadonlyMap<C, Rounds>> {
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
function mixed<C extends Contender>(contenders: readonly C[], round: number): readonly C[] {
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

/** Names above the columns: whoever answers anything has one. */
export function heading(contenders: readonly Contender[]): string {
  return `${'milliseconds, and the ratio'.padEnd(label)}${columns(contenders)
    .map(name => name.padStart(cell))
    .join('')}   noise`
}

const columns = (contenders: readonly Contender[]): readonly string[] => asUsual(contenders).map(({ name }) => name)

export function textOf(line: Line, contenders: readonly Contender[]): string {
  const entries = new Map(line.entries.map(each => [each.name, each]))
  const cells = columns(contenders).map(name => textOfEntry(entries.get(name)).padStart(cell))
  const noise = noiseOf(line)
  return `${line.title.padEnd(label)}${cells.join('')}${Number.isNaN(noise) ? '' : `${(noise * 100).toFixed(0)} %`.padStart(8)}`
}

function textOfEntry(entry: Entry | undefined): string {
  if (entry === undefined) return ''
  return `${figure(entry.ms)}${Number.isNaN(entry.ratio) ? '' : ` ×${figure(entry.ratio)}`}`
}

/** What pillion is held to in this line, and whether it kept it: by `under`, and by `underIndexed` where that was asked, too. */
export function verdictsOf(line: Line): readonly string[] {
  const held = kinds[line.kind]
  if (!('atMost' in held)) return []
  return ['pillion', indexed].flatMap(name => {
    const entry = line.entries.find(each => each.name === name)
    return entry === undefined || Number.isNaN(entry.ratio) ? [] : [verdictOf(line, entry, held)]
  })
}

interface Held {
  readonly baseline: string
  readonly atMost: number
}

const ours: ReadonlySet<string> = new Set(['pillion', 'pillion, again', indexed])

function verdictOf({ title, entries }: Line, { name, ratio }: Entry, { baseline, atMost }: Held): string {
  const faster = entries
    .filter(each => !ours.has(each.name) && each.name !== baseline && each.ratio < ratio * 0.95)
    .map(each => `${each.name} ${figure(each.ratio)}`)
  const by = name === indexed ? ` by ${indexed}` : ''
  return `  ${ratio <= atMost ? 'met   ' : 'missed'}  ${title}${by}: ${figure(ratio)} of the ${baseline}, target ${atMost}${faster.length > 0 ? `; faster: ${faster.join(', ')}` : ''}`
}

export function figure(n: number): string {
  return n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0)
}
