/**
 * MariaDB's sequences, each of which is a table of one row.
 *
 * @module
 */
import type { Sequence } from '../model.js'
import { byText } from '../plain.js'
import { type Read, textRows } from '../read.js'
import type { ModelNames } from './names.js'
import type { CatalogueRows } from './rows.js'
import { quoteName } from './text.js'

/** One statement for all sequences, none where there are none. */
export async function readSequences(read: Read, rows: CatalogueRows, model: ModelNames): Promise<readonly Sequence[]> {
  const found = rows.part('table').filter(([, , , type]) => type === 'SEQUENCE')
  if (found.length === 0) return []
  // As text: a driver may round a bigint.
  const columns = ['start_value', 'increment', 'minimum_value', 'maximum_value', 'cache_size', 'cycle_option']
  const list = columns.map(column => `CAST(${column} AS CHAR)`).join(', ')
  const selects = found.map(
    ([, schema, name], at) => `SELECT ${at}, ${list} FROM ${quoteName(schema)}.${quoteName(name)}`,
  )
  const values = await textRows(read(selects.join('\nUNION ALL\n')))
  const sequences = values.flatMap(([at, ...value]) => {
    const row = found[Number(at)]
    return row === undefined ? [] : [sequence(model.schemaOf(row[1]), row[2], value as readonly string[])]
  })
  return Object.freeze(sequences.sort((a, b) => byText(a.id, b.id)))
}

function sequence(schema: string, name: string, values: readonly string[]): Sequence {
  const [start = '', increment = '', min = '', max = '', cache = '', cycle] = values
  const options = { start, increment, min, max, cache, cycle: cycle === '1' }
  return Object.freeze({ id: `${schema}.${name}`, schema, name, type: 'bigint', ...options })
}
