import { describe, expect, it } from 'vitest'
import { parseOptions } from '../src/options.js'

describe('options', () => {
  it('measures everything, fully, unless told otherwise', () => {
    expect(parseOptions([])).toMatchObject({
      parts: ['build', 'execute', 'reflect'],
      effort: { name: 'full' },
      json: 'bench/results.json',
    })
  })

  it('takes parts and the quick way', () => {
    const options = parseOptions(['--quick', '--only', 'build', '--only', 'reflect', '--json', 'out.json'])
    expect(options).toMatchObject({ parts: ['build', 'reflect'], effort: { name: 'quick' }, json: 'out.json' })
  })

  it('refuses what it does not know', () => {
    expect(() => parseOptions(['--only', 'everything'])).toThrow('--only takes build, execute, reflect; not everything')
    expect(() => parseOptions(['--fast'])).toThrow('--fast')
  })
})
