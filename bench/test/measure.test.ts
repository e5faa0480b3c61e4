import { expect, it } from 'vitest'
import { interleaved } from '../src/measure.js'

it('runs one sample of each a round, another first each time, and keeps the samples apart', async () => {
  const order: string[] = []
  const entrant = (name: string, value: number) => ({
    sample: async (round: number) => {
      order.push(`${name}${round}`)
      return [value + round]
    },
  })
  expect(await interleaved([entrant('a', 10), entrant('b', 20)], 3)).toEqual([
    [[10], [11], [12]],
    [[20], [21], [22]],
  ])
  expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2'])
})
