/**
 * CSV as RFC 4180 has it, as it comes. What is not quite that is refused: to guess would be to lose.
 *
 * @module
 */
import { UsageError } from '../../failure.js'

/** A row by position. An empty cell is null; an empty string is written `""`. */
export type Cells = readonly (string | null)[]

/** Where the reader is: before a cell, in a bare one, in quotes, behind a quote that may end them. */
type Place = 'before' | 'bare' | 'quoted' | 'behind'

/** Every record that is not empty. */
export async function* csvRecords(chunks: AsyncIterable<string>): AsyncGenerator<Cells> {
  let place: Place = 'before'
  let text = ''
  let cells: (string | null)[] = []
  let line = 1
  let returned = false
  const end = (): void => {
    const bare = place === 'before' || place === 'bare'
    cells.push(bare && text === '' ? null : text)
    text = ''
    place = 'before'
  }
  for await (const chunk of chunks) {
    for (const character of chunk) {
      if (returned && character !== '\n') throw alone(line)
      returned = character === '\r' && place !== 'quoted'
      if (returned) continue
      if (character === '\n') line += 1
      if (place === 'quoted') {
        if (character === '"') place = 'behind'
        else text += character
      } else if (character === ',' || character === '\n') {
        end()
        if (character === ',') continue
        if (!isEmpty(cells)) yield cells
        cells = []
      } else if (character === '"') {
        if (place === 'bare') throw inside(line)
        if (place === 'behind') text += character
        place = 'quoted'
      } else if (place === 'behind') {
        throw inside(line)
      } else {
        text += character
        place = 'bare'
      }
    }
  }
  if (place === 'quoted') throw UsageError(`the last cell begins with a quote that nothing ends`)
  end()
  if (!isEmpty(cells)) yield cells
}

const isEmpty = (cells: Cells): boolean => cells.length === 1 && cells[0] === null

/** Where lines end so, the whole file is one, and the header. */
const alone = (line: number): Error =>
  UsageError(
    `line ${line} has a carriage return by itself: end lines by LF or CRLF, and write a cell that has one in quotes`,
  )

const inside = (line: number): Error =>
  UsageError(`line ${line} has a quote inside of a cell: write the cell in quotes, and the quote twice`)
