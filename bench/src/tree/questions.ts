/** What is asked of everybody about what is below one node. @module */
import { allByIndex, asUsual, type Contender, type Kind, type Reader } from './contest.js'

/** Asks, and prints what it took each. */
export type Tell = (
  title: string,
  kind: Kind,
  readers: readonly Reader[],
  text: (of: Reader) => string,
) => Promise<void>

const facts = [
  ['sparse', '1 to 20 nodes'],
  ['dense', '1 a node'],
] as const

/** @param below how many there are; of few of them nobody is held to anything but rows */
export async function askBelow(contenders: readonly Contender[], below: number, tell: Tell, large: boolean) {
  const [usual, byIndex] = [asUsual(contenders), allByIndex(contenders)]
  const rows = ({ way, asked }: Reader): string => asked.rows(way)
  // there is one way to count
  await tell(`count of ${below} below`, large ? 'count' : 'small', byIndex, ({ way }) => way.count)
  await tell(`rows of ${below} below`, 'rows', usual, rows)
  await tell(`rows of ${below}, by index`, 'rows', byIndex, rows)
  for (const [fact, what] of facts) {
    const kind = large ? 'facts' : 'small'
    const sum = ({ way, asked }: Reader): string => asked.facts(fact, way)
    await tell(`facts under ${below}, ${what}`, kind, usual, sum)
    await tell(`facts under ${below}, ${what}, by index`, kind, byIndex, sum)
  }
}
