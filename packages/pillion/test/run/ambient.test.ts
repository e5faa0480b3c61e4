/**
 * A statement without a target is in the transaction that is current where it is started.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PoolClient } from 'pg'
import { PillionError } from 'pillion'
import { inFrame, type Leave, type Passage, standsFor } from '../../src/run/ambient.js'
import { type Interviews, openInterviews } from '../support/interviews.js'

let ground: Interviews
let client: PoolClient
beforeAll(async () => {
  ground = await openInterviews()
})
afterAll(() => ground.close())

/** A transaction over the pool, and what was told about its statements. */
async function inTransaction<T>(
  work: (passage: Passage & { readonly told: unknown[]; end(): void }) => Promise<T>,
  enter?: (leave: Leave) => Leave | Promise<Leave>,
): Promise<T> {
  client = await ground.pool.connect()
  const told: unknown[] = []
  const controller = new AbortController()
  const leave: Leave = failure => told.push(failure ?? 'fine')
  try {
    await client.query('begin; create table only_here (n int); insert into only_here values (7)')
    return await work({
      target: client,
      told,
      ending: controller.signal,
      enter: () => (enter === undefined ? leave : enter(leave)),
      suspect: () => {
        told.push('a stream')
        return failure => told.push(failure)
      },
      end: () => controller.abort(new PillionError('TRANSACTION_FINISHED', 'It is over.')),
    })
  } finally {
    await client.query('rollback')
    client.release()
  }
}

const onlyHere = () => ground.db.sql<{ n: number }>`select n from only_here`

describe('in a frame', () => {
  test('statements go to its transaction, and it is told how each ended', async () => {
    await inTransaction(async passage => {
      await inFrame(ground.pool, passage, async () => {
        expect(await onlyHere().all()).toEqual([{ n: 7 }])
        await expect(ground.db.sql`select 1 / 0`.all({ savepoint: true })).rejects.toThrow('division by zero')
      })
      expect(passage.told).toEqual(['fine', expect.objectContaining({ code: 'STATEMENT_FAILED' })])
      await expect(onlyHere().all()).rejects.toThrow('does not exist')
    })
  })

  test('over another root, or of none on purpose, they go where they would', async () => {
    await inTransaction(async passage => {
      await inFrame({}, passage, () => expect(onlyHere().all()).rejects.toThrow('does not exist'))
      await inFrame(ground.pool, passage, () =>
        inFrame(ground.pool, undefined, () => expect(onlyHere().all()).rejects.toThrow('does not exist')),
      )
    })
  })

  test('a statement is in the frame it was started in, wherever its rows are awaited', async () => {
    await inTransaction(async passage => {
      const rows = inFrame(ground.pool, passage, () => onlyHere().all())
      expect(await rows).toEqual([{ n: 7 }])
    })
  })

  test('so is a stream, though nothing is sent before the first pull', async () => {
    await inTransaction(async passage => {
      const { interview } = ground.db.tables
      await client.query('truncate interview cascade')
      const stream = inFrame(ground.pool, passage, () => ground.db.from(interview).stream())
      for await (const row of stream) expect(row).toBe('not there')
    })
  })

  test('a stream is told that the transaction ends, and lets go of the connection', async () => {
    await inTransaction(async passage => {
      const { interview } = ground.db.tables
      const stream = inFrame(ground.pool, passage, () => ground.db.from(interview).stream({ batch: 1 }))
      const rows = stream[Symbol.asyncIterator]()
      expect((await rows.next()).done).toBe(false)
      passage.end()
      await client.query('select 1')
      await expect(rows.next()).rejects.toMatchObject({ code: 'TRANSACTION_FINISHED' })
    })
  })

  test('a refusal is what the statement fails with; nothing is sent', async () => {
    const refused = new PillionError('TRANSACTION_FINISHED', 'It is over.')
    await inTransaction(
      passage =>
        inFrame(ground.pool, passage, () => expect(onlyHere().all()).rejects.toMatchObject({ summary: 'It is over.' })),
      () => {
        throw refused
      },
    )
  })

  test('a statement waits for its turn', async () => {
    let open = (): void => {}
    await inTransaction(
      async passage => {
        const rows = inFrame(ground.pool, passage, () => onlyHere().all())
        await client.query('insert into only_here values (8)')
        open()
        expect(await rows).toEqual([{ n: 7 }, { n: 8 }])
      },
      leave => new Promise(resolve => (open = () => resolve(leave))),
    )
  })
})

test('an object that stands for a transaction is a target', async () => {
  await inTransaction(async passage => {
    const handle = {}
    standsFor(handle, passage)
    expect(await onlyHere().on(handle).all()).toEqual([{ n: 7 }])
    await expect(onlyHere().on({}).all()).rejects.toMatchObject({ code: 'HOST_UNKNOWN' })
  })
})
