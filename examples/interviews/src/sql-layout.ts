/**
 * SQL in lines that can be read. Nothing but white space is changed.
 *
 * @module
 */

/** A word of SQL, or a pair of brackets with what is inside. */
interface Piece {
  readonly text: string
  /** Was there white space before it? */
  readonly apart: boolean
  readonly inside?: readonly Piece[]
}

const token = /\s+|"(?:[^"]|"")*"|'(?:[^']|'')*'|\w+|./gs
const clauses = ['FROM', 'WHERE', 'GROUP', 'HAVING', 'ORDER', 'LIMIT', 'OFFSET', 'UNION', 'JOIN', 'LEFT', 'CROSS']

/** Breaks a statement into lines of no more than `width` characters, where it can. */
export function laidOut(sql: string, width = 60): string {
  return linesOf(piecesOf([...sql.trim().matchAll(token)].map(([text]) => text)), width).join('\n')
}

/** Takes tokens off the front, up to the bracket that closes what they are in. */
function piecesOf(tokens: string[]): readonly Piece[] {
  const pieces: Piece[] = []
  let apart = false
  for (let text = tokens.shift(); text !== undefined && text !== ')'; text = tokens.shift()) {
    const blank = text.trim() === ''
    if (!blank) pieces.push(text === '(' ? { text, apart, inside: piecesOf(tokens) } : { text, apart })
    apart = blank
  }
  return pieces
}

function linesOf(pieces: readonly Piece[], width: number): readonly string[] {
  const line = inline(pieces)
  if (line.length <= width) return [line]
  const parts = split(pieces, startsClause)
  if (parts.length > 1) return parts.flatMap(part => linesOf(part, width))
  const conditions = split(pieces, ({ text }) => ['ON', 'AND', 'OR'].includes(text))
  if (conditions.length > 1) return hanging(conditions, width)
  const items = split(pieces, (_, before) => before?.text === ',')
  return items.length > 1 ? filled(hanging(items, width), width) : opened(pieces, width)
}

/** The first part, and the others below it. */
function hanging(parts: readonly (readonly Piece[])[], width: number): readonly string[] {
  return parts.flatMap((part, index) => (index === 0 ? linesOf(part, width) : indented(linesOf(part, width - 2))))
}

/** Brackets too long for a line, opened: what is inside gets lines of its own. */
function opened(pieces: readonly Piece[], width: number): readonly string[] {
  const lengths = pieces.map(({ inside }) => (inside === undefined ? 0 : inline(inside).length))
  const widest = lengths.indexOf(Math.max(...lengths))
  const inside = pieces[widest]?.inside
  if (inside === undefined) return [inline(pieces)]
  const before = inline([...pieces.slice(0, widest), { text: '(', apart: pieces[widest]?.apart === true }])
  const after = inline([{ text: ')', apart: false }, ...pieces.slice(widest + 1)])
  return [before, ...indented(linesOf(inside, width - 2)), after]
}

/** Puts items that end in a comma side by side while they fit. */
function filled(lines: readonly string[], width: number): readonly string[] {
  const full: string[] = []
  for (const line of lines) {
    const last = full.at(-1)
    const together = `${last} ${line.trimStart()}`
    if (last?.endsWith(',') && !line.startsWith('   ') && !line.endsWith('(') && together.length <= width)
      full[full.length - 1] = together
    else full.push(line)
  }
  return full
}

function startsClause({ text }: Piece, before: Piece | undefined): boolean {
  return clauses.includes(text) && !['LEFT', 'CROSS', 'DISTINCT', 'WITHIN'].includes(before?.text ?? 'WITHIN')
}

function split(pieces: readonly Piece[], startsPart: (piece: Piece, before: Piece | undefined) => boolean) {
  const parts: Piece[][] = [[]]
  for (const [index, piece] of pieces.entries()) {
    if (index > 0 && startsPart(piece, pieces[index - 1])) parts.push([])
    parts.at(-1)?.push(piece)
  }
  return parts
}

function inline(pieces: readonly Piece[]): string {
  return pieces
    .map(({ text, apart, inside }) => `${apart ? ' ' : ''}${text}${inside === undefined ? '' : `${inline(inside)})`}`)
    .join('')
    .trimStart()
}

const indented = (lines: readonly string[]) => lines.map(line => `  ${line}`)
