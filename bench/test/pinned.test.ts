import { describe, expect, it } from 'vitest'
import { processorsIn } from '../src/pinned.js'

describe('the processors of a process, as the kernel lists them', () => {
  it('one by one and by ranges', () => {
    expect(processorsIn('0-2,5,7-8')).toEqual([0, 1, 2, 5, 7, 8])
  })

  it('only one', () => {
    expect(processorsIn('3')).toEqual([3])
  })

  it('none are told', () => {
    expect(processorsIn('')).toEqual([])
  })
})
