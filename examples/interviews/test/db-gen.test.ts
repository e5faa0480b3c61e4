import { readFile } from 'node:fs/promises'
import { pillion } from 'pillion'
import { diffCatalogs, emitTypes, readEmittedTypes } from 'pillion/schema'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DB } from '../src/db.js'
import { postgres } from '../src/engine/postgres.js'
import { openOrm } from '../src/orm/open.js'
import { emptyInterviews, type Ground } from './support.js'

let ground: Ground

beforeAll(async () => {
  ground = await emptyInterviews()
})

afterAll(() => ground.drop())

async function reflected() {
  const orm = await openOrm('typeorm', postgres, ground.url)
  try {
    return (await pillion<DB>(orm.host, { names: 'camel' })).catalog
  } finally {
    await orm.close()
  }
}

const generated = () => readFile(new URL('../src/db/postgres.gen.ts', import.meta.url), 'utf8')

test('postgres.gen.ts is what pillion writes of the tables that TypeORM creates', async () => {
  const text = await generated()
  expect(diffCatalogs(readEmittedTypes(text), await reflected())).toEqual([])
  expect(text).toBe(emitTypes(readEmittedTypes(text)))
})

test('a column more would be noticed', async () => {
  await ground.sql('alter table interview add column place text')
  try {
    expect(diffCatalogs(readEmittedTypes(await generated()), await reflected())).not.toEqual([])
  } finally {
    await ground.sql('alter table interview drop column place')
  }
})
