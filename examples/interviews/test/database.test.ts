import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '../../../test/support/postgres.js'
import { createInterviews } from '../src/database.js'
import { postgres } from '../src/engine/postgres.js'
import { exampleRows } from '../src/example-rows.js'
import { PrismaClient } from '../src/generated/prisma/client.js'
import { openOrm } from '../src/orm/open.js'
import { ormNames } from '../src/orm/orm.js'
import { tableNames } from '../src/rows.js'

const expected = exampleRows()
const progress: [written: number, total: number][] = []

let database: Database

beforeAll(async () => {
  database = await createDatabase()
  await createInterviews(postgres, database.url, (...step) => progress.push(step), new AbortController().signal)
})

afterAll(() => database.drop())

test.each(ormNames)('%s finds every row', async name => {
  const orm = await openOrm(name, postgres, database.url)
  try {
    for (const table of tableNames) expect([table, await orm.count(table)]).toEqual([table, expected[table].length])
  } finally {
    await orm.close()
  }
})

test('Prisma reads the columns that TypeORM made, numbered and written as they were drawn', async () => {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }) })
  try {
    expect(await prisma.team.findMany({ orderBy: { id: 'asc' } })).toEqual(numbered(expected.team))
    expect(await prisma.user.findMany({ orderBy: { id: 'asc' } })).toEqual(numbered(expected.user))
    expect(await prisma.department.findMany({ orderBy: { id: 'asc' } })).toEqual(numbered(expected.department))
    expect(await prisma.position.findMany({ orderBy: { id: 'asc' } })).toEqual(numbered(expected.position))
    expect(await prisma.membership.findMany()).toEqual(expect.arrayContaining([...expected.membership]))
    const some = { orderBy: { id: 'asc' }, take: 500 } as const
    expect(await prisma.interview.findMany(some)).toEqual(numbered(expected.interview).slice(0, 500))
    expect(await prisma.evaluation.findMany(some)).toEqual(numbered(expected.evaluation).slice(0, 500))
  } finally {
    await prisma.$disconnect()
  }
})

test('progress is told up to the last row', () => {
  const total = tableNames.reduce((sum, table) => sum + expected[table].length, 0)
  expect(progress.at(-1)).toEqual([total, total])
  expect(progress.every(([written], index) => written > (progress[index - 1]?.[0] ?? 0))).toBe(true)
})

test('a signal stops the writing between two batches', async () => {
  const other = await createDatabase()
  try {
    const interruption = new AbortController()
    const stopped = createInterviews(
      postgres,
      other.url,
      () => interruption.abort(new Error('enough')),
      interruption.signal,
    )
    await expect(stopped).rejects.toThrow('enough')
  } finally {
    await other.drop()
  }
})

function numbered<Row>(rows: readonly Row[]): (Row & { id: number })[] {
  return rows.map((row, index) => ({ id: index + 1, ...row }))
}
