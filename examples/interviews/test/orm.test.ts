import { from } from 'pillion'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tables } from '../src/db.js'
import { ormNames } from '../src/orm/orm.js'
import { type Example, emptyInterviews, type Ground, openExample } from './support.js'

describe.each(ormNames)('%s writes', name => {
  let ground: Ground
  let example: Example

  beforeAll(async () => {
    ground = await emptyInterviews()
    await ground.sql(`insert into team (name) values ('Search')`)
    await ground.sql(`insert into "user" (username, full_name, created_at) values ('a', 'A', now()), ('b', 'B', now())`)
    await ground.sql(`insert into position (title, team_id) values ('Cook', 1)`)
    await ground.sql(`insert into department (name) values ('Kitchen'), ('Bar')`)
    await ground.sql(
      `insert into interview (title, candidate, status, position_id, department_id, created_at)
       values ('One', 'C', 'done', 1, 1, now())`,
    )
    example = await openExample(name, ground.url)
  })

  afterAll(async () => {
    await example.orm.close()
    await ground.drop()
  })

  const by = (userId: number) => ({ interviewId: 1, userId, rating: 9, note: null, createdAt: new Date(0) })
  const ratings = () => from(tables.evaluation).select({ userId: tables.evaluation.userId }).on(example.db)

  test('in a transaction that pillion can look into, and keeps what succeeds', async () => {
    const seen = await example.orm.writes(async ({ target, createEvaluation }) => {
      await createEvaluation(by(1))
      expect(await ratings().all()).toEqual([])
      return ratings().on(target).all()
    })
    expect(seen).toEqual([{ userId: 1 }])
    expect(await ground.sql('select user_id, rating, created_at from evaluation')).toEqual([
      { user_id: 1, rating: 9, created_at: new Date(0) },
    ])
  })

  test('moves of departments, whose links pillion sees inside at once', async () => {
    const under = from(tables.departmentLink)
      .select({ id: tables.departmentLink.nodeId })
      .where(tables.departmentLink.ancestorId.eq(1))
      .orderBy(tables.departmentLink.nodeId.asc())
      .on(example.db)
    const moved = example.orm.writes(async ({ target, moveDepartment }) => {
      await moveDepartment(2, 1)
      expect(await under.on(target).all()).toEqual([{ id: 1 }, { id: 2 }])
      expect(await under.all()).toEqual([{ id: 1 }])
      throw new Error('not this time')
    })
    await expect(moved).rejects.toThrow('not this time')
    expect(await under.all()).toEqual([{ id: 1 }])
  })

  test('nothing of what fails', async () => {
    const failure = new Error('not this time')
    const failed = example.orm.writes(async ({ target, createEvaluation }) => {
      await createEvaluation(by(2))
      expect(await ratings().on(target).count()).toBe(2)
      throw failure
    })
    await expect(failed).rejects.toBe(failure)
    expect(await ratings().all()).toEqual([{ userId: 1 }])
  })
})
