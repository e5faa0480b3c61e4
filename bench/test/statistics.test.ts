import { describe, expect, it } from 'vitest'
import { median, percentile, ratio, rotated, summarise } from '../src/statistics.js'

describe('order statistics', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })

  it('takes percentiles by nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, at) => at + 1)
    expect(percentile(samples, 0.95)).toBe(95)
    expect(percentile([7], 0.95)).toBe(7)
  })

  it('refuses to summarise nothing', () => {
    expect(() => median([])).toThrow('No samples.')
    expect(() => percentile([], 0.5)).toThrow('No samples.')
  })

  it('summarises rounds by their medians, so that one slow sample moves only the 95th percentile', () => {
    const rounds = [
      [10, 10, 500],
      [10, 10, 10],
      [10, 10, 10],
    ]
    expect(summarise(rounds)).toEqual({ median: 10, p95: 500, spread: 0 })
  })

  it('compares within each round, so that a round slow for both changes nothing', () => {
    expect(ratio([[2], [200], [2]], [[1], [100], [1]])).toBe(2)
  })
})

describe('rotated', () => {
  it('lets each come first once', () => {
    expect([0, 1, 2, 3].map(round => rotated(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'bca', 'cab', 'abc'])
  })

  it('leaves nothing of nothing', () => {
    expect(rotated([], 3)).toEqual([])
  })
})
