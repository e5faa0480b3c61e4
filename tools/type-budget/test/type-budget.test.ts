// Measures the built declarations, as applications do: `npm test` builds first.
import { beforeAll, expect, test } from 'vitest'
import budgets from '../budgets.json' with { type: 'json' }
import { type Cost, costOf } from '../measure.js'

const sizes = [10, 50, 200, 1000] as const

const costs = new Map<number, Cost>()
const cost = (tables: number) => costs.get(tables) as Cost

beforeAll(async () => {
  for (const tables of sizes) costs.set(tables, await costOf(tables))
  console.table([...costs.values()])
}, 180_000)

test.each(sizes)('a schema of %i tables stays within its budget', tables => {
  expect(cost(tables).schema).toBeLessThanOrEqual(budgets.schema[`${tables}`])
})

test.each(sizes)('queries over %i tables stay within their budget', tables => {
  expect(cost(tables).uses).toBeLessThanOrEqual(budgets.uses)
})

test('a query costs hardly more over a thousand tables than over ten', () => {
  expect(cost(1000).uses).toBeLessThanOrEqual(cost(10).uses * budgets.usesGrowth)
})
