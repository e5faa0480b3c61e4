import { describe, expect, it } from 'vitest'
import { type Line, type Measured, noiseOf, rowsOf, verdictsOf } from '../src/results.js'

const line = (contender: string, time: number, variant = ''): Line => ({
  contender,
  variant,
  rounds: [[time], [time]],
  sql: [],
})

const measured = (lines: readonly Line[], atMost: number): Measured => ({
  id: 'x',
  title: 'X',
  baseline: 'pg',
  lines,
  absent: [],
  targets: [{ subject: 'pillion', against: 'pg', atMost }],
})

describe('verdicts', () => {
  it('holds the best variant of either side to the target', () => {
    const lines = [line('pg', 200, 'slow'), line('pg', 100, 'fast'), line('pillion', 104)]
    expect(verdictsOf(measured(lines, 1.05))).toEqual([
      { claim: 'pillion takes 1.04 of pg (fast), target at most 1.05', verdict: 'met' },
    ])
  })

  it('says so when a target is missed', () => {
    expect(verdictsOf(measured([line('pg', 100), line('pillion', 106)], 1.05))[0]?.verdict).toBe('missed')
  })

  it('holds a time to a time', () => {
    const timed = (within: number) =>
      verdictsOf({ ...measured([line('pillion', 2e6)], 1), targets: [{ subject: 'pillion', within }] })
    expect(timed(3e6)).toEqual([{ claim: 'pillion takes 2.00 ms, target at most 3.00 ms', verdict: 'met' }])
    expect(timed(1e6)[0]?.verdict).toBe('missed')
  })

  it('claims nothing of what was not measured', () => {
    expect(verdictsOf(measured([line('pg', 100)], 1.05))).toEqual([
      { claim: 'pillion against pg, target at most 1.05', verdict: 'not measured' },
    ])
  })
})

describe('noise', () => {
  it('is how far the control was from the baseline, way by way', () => {
    const lines = [line('pg', 100, 'a'), line('pg', 200, 'b'), line('pg again', 90, 'b'), line('pg again', 110, 'a')]
    expect(noiseOf({ ...measured(lines, 1), control: 'pg again' })).toBeCloseTo(0.1)
  })

  it('is unknown without a control', () => {
    expect(noiseOf(measured([line('pg', 100)], 1))).toBeUndefined()
    expect(noiseOf({ ...measured([line('pg', 100)], 1), control: 'pg again' })).toBeUndefined()
  })
})

describe('rows', () => {
  it('gives each as a share of the baseline at its best', () => {
    const rows = rowsOf(measured([line('pg', 200, 'slow'), line('pg', 100, 'fast'), line('pillion', 150)], 1))
    expect(rows.map(row => [row.label, row.ratio])).toEqual([
      ['pg (slow)', 2],
      ['pg (fast)', 1],
      ['pillion', 1.5],
    ])
  })

  it('has no shares without a baseline', () => {
    expect(rowsOf(measured([line('pillion', 150)], 1))[0]?.ratio).toBeUndefined()
  })
})
