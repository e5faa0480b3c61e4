/**
 * A page of the documentation as a program: its code blocks, by section, in statements and what is said of each.
 *
 * - A section begins at each `##` heading; what its blocks declare lives in it.
 * - ```` ```ts ```` blocks run. A block inside `<!-- ts … -->` runs unseen.
 * - `// → value` behind or below a statement is its value; `// throws CODE` its error; `// row: T` the type of a
 *   query's row.
 * - A ```` ```sql ```` block behind a ts block is the SQL of its last statement that does not begin with `await`.
 *
 * @module
 */

/** One code block. */
export interface Block {
  readonly language: string
  readonly text: string
  /** Of its first line of code, in the page. */
  readonly line: number
}

export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** What is said of a statement. */
export type Claim =
  | { readonly kind: 'value'; readonly text: string }
  | { readonly kind: 'throws'; readonly text: string }
  | { readonly kind: 'row'; readonly text: string }
  | { readonly kind: 'sql'; readonly text: string }

export interface Statement {
  readonly text: string
  readonly line: number
  readonly claims: readonly Claim[]
}

/** Cuts a page into sections. */
export function sectionsOf(page: string): readonly Section[] {
  const sections: { title: string; blocks: Block[] }[] = [{ title: 'the beginning', blocks: [] }]
  let open: { language: string; end: string; line: number; lines: string[] } | undefined
  page.split('\n').forEach((text, i) => {
    if (open !== undefined) {
      if (text !== open.end) return void open.lines.push(text)
      const { language, line, lines } = open
      sections.at(-1)?.blocks.push({ language, line, text: lines.join('\n') })
      open = undefined
      return
    }
    const [, fenced, hidden] = /^(?:```(\w+)|<!-- (ts))$/.exec(text) ?? []
    const language = fenced ?? hidden
    if (language !== undefined) open = { language, end: fenced ? '```' : '-->', line: i + 2, lines: [] }
    else if (text.startsWith('## ')) sections.push({ title: text.slice(3), blocks: [] })
  })
  return sections.filter(section => section.blocks.length > 0)
}

/** The statements of a section, in order. */
export function statementsOf({ blocks }: Section): readonly Statement[] {
  return blocks.flatMap((block, i) => {
    if (block.language !== 'ts') return []
    const statements = statementsIn(block)
    const next = blocks[i + 1]
    if (next?.language !== 'sql') return statements
    const query = statements.findLast(({ text }) => !text.startsWith('await '))
    const claim = { kind: 'sql', text: next.text } as const
    return statements.map(each => (each === query ? { ...each, claims: [...each.claims, claim] } : each))
  })
}

// Code is written as our formatter writes it: a statement begins at the left margin, and what belongs to it does not.
function statementsIn({ text, line }: Block): readonly Statement[] {
  const statements: { lines: string[]; line: number; claims: { kind: Claim['kind']; text: string }[] }[] = []
  let leading: string[] = []
  let claiming = false
  text.split('\n').forEach((code, i) => {
    const statement = statements.at(-1)
    const continued = /^\/\/ {3,}(.*)$/.exec(code)
    if (claiming && continued) {
      const claim = statement?.claims.at(-1)
      if (claim !== undefined) claim.text += ` ${continued[1]}`
      return
    }
    const [, before = code, mark, after = ''] = /^(.*?)\s*\/\/ (→|throws|row:) (.*)$/.exec(code) ?? []
    claiming = mark !== undefined
    if (/^[^\s)}\].?:/]/.test(before)) {
      statements.push({ lines: [...leading, before], line: line + i, claims: [] })
      leading = []
    } else if (before.startsWith('// ')) leading.push(before)
    else if (before !== '') {
      if (statement?.claims.length) throw new Error(`line ${line + i}: a claim stands inside a statement`)
      statement?.lines.push(before)
    }
    if (mark !== undefined) statements.at(-1)?.claims.push({ kind: kinds[mark] as Claim['kind'], text: after })
  })
  return statements.map(({ lines, ...rest }) => ({ ...rest, text: lines.join('\n') }))
}

const kinds: Readonly<Record<string, Claim['kind']>> = { '→': 'value', throws: 'throws', 'row:': 'row' }
