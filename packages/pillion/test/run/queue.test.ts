import { describe, expect, test } from 'vitest'
import { inTurn } from '../../src/run/queue.js'

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open }
}

describe('inTurn', () => {
  test('jobs of one connection run one at a time, first come, first served', async () => {
    const connection = {}
    const log: string[] = []
    const job = (name: string) => async (): Promise<string> => {
      log.push(`${name} begins`)
      await Promise.resolve()
      log.push(`${name} ends`)
      return name
    }
    expect(await Promise.all(['a', 'b', 'c'].map(name => inTurn(connection, job(name))))).toEqual(['a', 'b', 'c'])
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  })

  test('control: without turns they overlap', async () => {
    const log: string[] = []
    await Promise.all(
      ['a', 'b'].map(async name => {
        log.push(`${name} begins`)
        await Promise.resolve()
        log.push(`${name} ends`)
      }),
    )
    expect(log).toEqual(['a begins', 'b begins', 'a ends', 'b ends'])
  })

  test('a failure is told to its own caller and does not hold up the next', async () => {
    const connection = {}
    const failing = inTurn(connection, async () => {
      throw new Error('mine')
    })
    const next = inTurn(connection, async () => 'next')
    await expect(failing).rejects.toThrow('mine')
    expect(await next).toBe('next')
  })

  test('connections do not wait for each other, and a free one begins at once', async () => {
    const { opened, open } = gate()
    const busy = inTurn({}, () => opened)
    let begun = false
    const other = inTurn({}, async () => {
      begun = true
    })
    expect(begun).toBe(true)
    await other
    open()
    await busy
  })
})
