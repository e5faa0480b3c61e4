/**
 * One host in a process of its own, as an application has it: `once.js <host> <database>`. It says who takes part, and answers each
 * course with its samples. Several in one would make the engine's code for each slower than it is alone.
 *
 * @module
 */
import type { Contender } from './field.js'
import { fields } from './fields/index.js'
import { type Course, measure } from './rounds.js'

/** Who takes part, and beside whom. */
export type Named = Pick<Contender, 'name' | 'beside'>

async function main(name: string, database: string): Promise<void> {
  const entry = fields.find(each => each.name === name)
  if (entry === undefined) throw new Error(`there is no host ${name}`)
  const open = await entry.load()
  const { contenders, close } = await open(database)
  process.on('message', (course: Course) => void measure(contenders, course).then(samples => process.send?.(samples)))
  process.once('disconnect', () => void close())
  process.send?.(contenders.map(({ name, beside }): Named => ({ name, beside })))
}

const [name = '', database = ''] = process.argv.slice(2)
await main(name, database)
