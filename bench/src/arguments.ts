/** The command line that the benches have in common. @module */
import { parseArgs } from 'node:util'

export interface Arguments {
  readonly quick: boolean
  readonly only: readonly string[]
  readonly json?: string
  readonly help: boolean
}

export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  return values
}

/** Those of all hosts that `only` asks for: all, where it asks for none. */
export function askedFor<T>(
  all: readonly T[],
  only: readonly string[],
  isNamed: (each: T, part: string) => boolean,
): readonly T[] {
  const asked = only.length === 0 ? all : all.filter(each => only.some(part => isNamed(each, part)))
  if (asked.length === 0) throw new Error(`there is no host named ${only.join(', ')}: see --help`)
  return asked
}

/** Is it in a name, however it is written? */
export function isIn(name: string, part: string): boolean {
  return name.toLowerCase().includes(part.toLowerCase())
}
