import { expect, test } from 'vitest'
import { exampleRows } from '../src/example-rows.js'

const rows = exampleRows()

test('are the same in every run', () => {
  expect(exampleRows()).toEqual(rows)
})

test('are as many as promised', () => {
  expect(rows.interview.length).toBeGreaterThanOrEqual(10_000)
  expect(rows.user).toHaveLength(200)
  expect(rows.evaluation.length).toBeGreaterThanOrEqual(60_000)
})

test('hold one evaluation of an interview by a user', () => {
  const pairs = rows.evaluation.map(({ interviewId, userId }) => `${interviewId} ${userId}`)
  expect(new Set(pairs).size).toBe(pairs.length)
})

test('refer to rows there are', () => {
  const within = (key: number, to: readonly unknown[]) => key >= 1 && key <= to.length
  expect(rows.membership.every(row => within(row.teamId, rows.team) && within(row.userId, rows.user))).toBe(true)
  expect(rows.position.every(row => within(row.teamId, rows.team))).toBe(true)
  expect(rows.interview.every(row => within(row.positionId, rows.position))).toBe(true)
  expect(rows.interview.every(row => within(row.departmentId, rows.department))).toBe(true)
  expect(rows.interview.every(row => row.leadId === null || within(row.leadId, rows.user))).toBe(true)
  expect(rows.evaluation.every(row => within(row.interviewId, rows.interview) && within(row.userId, rows.user))).toBe(
    true,
  )
})

test('have a tree of departments, each after its parent', () => {
  expect(rows.department.filter(row => row.parentId === null)).toHaveLength(3)
  expect(rows.department.length).toBeGreaterThan(200)
  expect(rows.department.every((row, index) => row.parentId === null || row.parentId <= index)).toBe(true)
  const level = (parentId: number | null): number =>
    parentId === null ? 0 : 1 + level(rows.department[parentId - 1]?.parentId ?? null)
  expect(new Set(rows.department.map(row => level(row.parentId)))).toEqual(new Set([0, 1, 2, 3, 4]))
})

test('have what the tour asks about: gaps, nulls, and a user of some opinions', () => {
  expect(rows.user[6]?.username).toBe('specificuser')
  const rated = new Set(rows.evaluation.filter(row => row.userId === 7).map(row => row.rating))
  expect(Math.min(...rated)).toBeLessThan(3)
  expect(Math.max(...rated)).toBeGreaterThan(5)

  const evaluated = new Set(rows.evaluation.map(row => row.interviewId))
  expect(evaluated.size).toBeLessThan(rows.interview.length)
  expect(rows.interview.some(row => row.leadId === null)).toBe(true)
  expect(rows.interview.some(row => row.scheduledAt === null)).toBe(true)
  expect(rows.evaluation.some(row => row.note === null)).toBe(true)
})
