/**
 * A fixture opened over its database, as every case of the suite finds it, and what the cases share.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { ErrorCode } from '../errors.js'
import type { Statement, WireResult, WireRow } from '../run/host.js'
import type { Capability } from './capability.js'
import type { Counters, Fixture, HostTransaction, Mount } from './fixture.js'
import { statement } from './statement.js'
import { type Words, wordsOf } from './words.js'

/** Where a case plays. */
export interface Stage {
  readonly fixture: Fixture
  readonly mount: Mount
  readonly words: Words
  can(capability: Capability): boolean
  /** Opens the host once more over the same database, for the time of the work. */
  another<T>(work: (mount: Mount) => Promise<T>): Promise<T>
}

/** One thing that every host with these capabilities does. */
export interface Scene {
  readonly name: string
  /** The first is the one it speaks for. */
  readonly needs: readonly [Capability, ...Capability[]]
  play(stage: Stage): Promise<void>
}

export async function openStage(fixture: Fixture, url: string): Promise<Stage> {
  const mount = await fixture.open(url)
  const words = wordsOf(mount.host.dialect)
  for (const sql of words.tables) await mount.observer.rows(sql)
  return Object.freeze({
    fixture,
    mount,
    words,
    can: capability => fixture.lacks[capability] === undefined,
    async another(work) {
      const other = closedOnce(await fixture.open(url))
      try {
        return await work(other)
      } finally {
        await other.close()
        await other.observer.close()
      }
    },
  } satisfies Stage)
}

function closedOnce(mount: Mount): Mount {
  let closed: Promise<void> | undefined
  return {
    ...mount,
    close() {
      closed ??= mount.close()
      return closed
    },
  }
}

/** The code of the `PillionError` a promise fails with. Any other failure is one of the case. */
export function codeOf(outcome: Promise<unknown>): Promise<ErrorCode | 'fulfilled'> {
  return outcome.then(
    () => 'fulfilled' as const,
    error => {
      if (error?.name !== 'PillionError') throw error
      return error.code
    },
  )
}

/** Rows as text, whatever the driver's cells are. */
export function texts(rows: WireResult | readonly WireRow[]): (string | null)[][] {
  const all = 'rows' in rows ? rows.rows : rows
  return all.map(row => row.map(cell => (cell === null ? null : String(cell))))
}

export const bodies = statement('select body from note order by id')
export const missing = statement('select * from missing')

/** A transaction of the host's that is rolled back after the work. */
export async function rolledBack(mount: Mount, work: (transaction: HostTransaction) => Promise<void>): Promise<void> {
  const rollback = new Error('rollback')
  const outcome = mount.transaction(async transaction => {
    await work(transaction)
    throw rollback
  })
  await outcome.then(
    () => assert.fail('the host has committed what was to be rolled back'),
    error => {
      if (error !== rollback) throw error
    },
  )
}

/** Nothing of a statement may have gone over the wire meanwhile. */
export async function sendsNothing(mount: Mount, work: () => Promise<void>): Promise<void> {
  const before = mount.wire?.bytes
  await work()
  assert.equal(mount.wire?.bytes, before)
}

/** What the host's connections have sent. */
export function sent({ wire }: Mount): readonly string[] {
  return wire?.texts ?? assert.fail('the fixture has no wire')
}

/** Takes whatever a host fails with; what the case itself has asserted is thrown on. */
export function unlessAsserted(error: { readonly code?: unknown }): void {
  if (error.code === 'ERR_ASSERTION') throw error
}

/** Every connection is back in the pool, where there is one that counts. */
export function rested({ mount, can }: Stage): void {
  if (!can('counters')) return
  const { total, idle, waiting } = mount.pool?.() ?? assert.fail('the fixture has no counters')
  assert.deepEqual({ idle, waiting }, { idle: total, waiting: 0 })
}

/** How long a case waits for what must come: far longer than a busy machine takes, so that only what never comes fails. */
const patience = 20_000

/**
 * Waits for what only the server or the event loop can bring about: the asking itself gives them time.
 *
 * @param awaited names it, for when it does not come.
 */
export async function until({ mount }: Stage, awaited: string, reached: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patience
  while (!(await reached())) {
    if (performance.now() > deadline) assert.fail(`waited in vain for ${awaited}; the pool: ${told(mount.pool?.())}`)
    await mount.observer.rows('select 1')
  }
}

function told(counters: Counters | undefined): string {
  return counters === undefined
    ? 'none'
    : `${counters.total} in all, ${counters.idle} idle, ${counters.waiting} waiting`
}

/** Waits until every connection is back: where one broke, or came too late, the pool tidies up by itself. */
export function untilRested(stage: Stage): Promise<void> {
  return until(stage, 'every connection to be back in the pool', async () => {
    const counters = stage.mount.pool?.()
    return counters === undefined || (counters.idle === counters.total && counters.waiting === 0)
  })
}

/** Waits until the server has a session asleep. */
export function untilAsleep(stage: Stage): Promise<void> {
  return until(stage, 'a session to be asleep', async () => (await sleepers(stage)) > 0)
}

/** Waits until the server has none asleep. */
export function untilAwake(stage: Stage): Promise<void> {
  return until(stage, 'no session to be asleep', async () => (await sleepers(stage)) === 0)
}

/** How many sessions the server has asleep. */
export async function sleepers({ mount, words }: Stage): Promise<number> {
  const [row] = await mount.observer.rows(words.sleepers)
  return Number(row?.[0])
}

/** A statement that runs until it is stopped, and is seen running by then. */
export async function asleep(
  stage: Stage,
  target: unknown,
  options: { readonly savepoint?: boolean } = {},
): Promise<{ readonly outcome: Promise<ErrorCode | 'fulfilled'>; abort(): void }> {
  const { mount, words } = stage
  const controller = new AbortController()
  const outcome = codeOf(mount.host.run(target, words.sleep, { ...options, signal: controller.signal }))
  await untilAsleep(stage)
  return { outcome, abort: () => controller.abort(new Error('enough')) }
}

/** The first cells of all batches. */
export async function collect(batches: AsyncIterable<readonly WireRow[]>): Promise<(string | null)[]> {
  const all: (string | null)[] = []
  for await (const batch of batches) all.push(...texts(batch).map(row => row[0] ?? null))
  return all
}

export function upTo(n: number): string[] {
  return Array.from({ length: n }, (_, i) => String(i + 1))
}

/** The one cell of a statement's one row. */
export async function cell(mount: Mount, target: unknown, asked: Statement): Promise<string | null | undefined> {
  return texts(await mount.host.run(target, asked, {}))[0]?.[0]
}
