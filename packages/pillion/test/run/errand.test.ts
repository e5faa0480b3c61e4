import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import { interruptedBy, onErrand } from '../../src/run/errand.js'

const sql = 'select 1'
const never = new Promise<never>(() => {})

describe('onErrand', () => {
  test('without anything to interrupt it, the job is all there is', async () => {
    expect(await onErrand({}, sql, async errand => errand.signal)).toBeUndefined()
  })

  test('before the statement is sent the caller is answered at once, and the job finds the signal aborted', async () => {
    const controller = new AbortController()
    let seen: AbortSignal | undefined
    const outcome = onErrand({ signal: controller.signal }, sql, ({ signal }) => {
      seen = signal
      return never
    })
    controller.abort('enough')
    await expect(outcome).rejects.toMatchObject({ code: 'CANCELLED', cause: 'enough', sql })
    expect(seen?.aborted).toBe(true)
    expect(seen?.reason).toMatchObject({ code: 'CANCELLED' })
  })

  test('afterwards the job answers, or abandons', async () => {
    const controller = new AbortController()
    const finishing = onErrand({ signal: controller.signal }, sql, async errand => {
      errand.sent = true
      controller.abort()
      await Promise.resolve()
      return 'finished'
    })
    expect(await finishing).toBe('finished')
    const abandoned = onErrand({ timeout: 1 }, sql, errand => {
      errand.sent = true
      errand.signal?.addEventListener('abort', () => errand.abandon(errand.signal?.reason))
      return never
    })
    await expect(abandoned).rejects.toMatchObject({ code: 'TIMED_OUT' })
  })

  test('a signal that was aborted before begins nothing', async () => {
    let begun = false
    const outcome = onErrand({ signal: AbortSignal.abort(), timeout: 0 }, sql, async () => {
      begun = true
    })
    await expect(outcome).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(begun).toBe(false)
  })
})

test('a timeout longer than any timer is none', async () => {
  const { signal, end } = interruptedBy({ timeout: Number.POSITIVE_INFINITY }, sql)
  const shortest = interruptedBy({ timeout: 1 }, sql)
  await new Promise(resolve => shortest.signal.addEventListener('abort', resolve))
  expect(signal.aborted).toBe(false)
  end()
})

test('statements that share a signal share a listener, and each is told unless it has ended', () => {
  const controller = new AbortController()
  const all = Array.from({ length: 20 }, () => interruptedBy({ signal: controller.signal }, sql))
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
  all[0]?.end()
  controller.abort()
  expect(all.map(({ signal }) => signal.aborted)).toEqual([false, ...Array.from({ length: 19 }, () => true)])
})
