/** The pauses between two runs: how long they last is asked for, and not waited. */
import { setTimeout as sleep } from 'node:timers/promises'
import { withRetry } from 'pillion'
import { afterEach, expect, test, vi } from 'vitest'

vi.mock('node:timers/promises', () => ({ setTimeout: vi.fn<typeof sleep>(async () => undefined as never) }))
afterEach(() => {
  vi.restoreAllMocks()
  vi.mocked(sleep).mockClear()
})

/** The pauses of twelve runs, each by the same chance. */
async function pausesAt(chance: number): Promise<readonly unknown[]> {
  vi.spyOn(Math, 'random').mockReturnValue(chance)
  const failing = async (): Promise<never> => {
    throw Object.assign(new Error('serialization'), { code: '40001' })
  }
  await expect(withRetry(failing, { attempts: 12, baseDelay: 10 })).rejects.toMatchObject({ code: '40001' })
  return vi.mocked(sleep).mock.calls.map(([milliseconds]) => milliseconds)
}

const longest = [10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000]

test('may be twice as long each time, and a second at most', async () => {
  expect(await pausesAt(1)).toEqual(longest)
})

test('are as long as chance has it, so that those who collided do not meet again', async () => {
  expect(await pausesAt(0.5)).toEqual(longest.map(each => each / 2))
  vi.mocked(sleep).mockClear()
  expect(await pausesAt(0)).toEqual(longest.map(() => 0))
})
