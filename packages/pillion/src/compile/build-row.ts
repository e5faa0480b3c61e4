/**
 * How the cells of a row become an object.
 *
 * By a loop at first. What reads many rows is worth code of its own: to the engine's eye all loops are the same one, which
 * sees every object and every cell there is, and so takes three times as long. Where a process may not make code of text
 * (`--disallow-code-generation-from-strings`), the loop stays, and gives the same.
 *
 * @module
 */

import type { Wire } from '../schema/codec.js'

/** Reads a row of the wire. */
export type ReadRow = (row: readonly unknown[]) => unknown

/** What becomes of a cell that is not NULL; undefined where it stays as it is. */
export type Decode = ((cell: Wire) => unknown) | undefined

/** What stands under one key: a cell of the row, or what is made of several. */
export type Part =
  | { readonly key: string; readonly at: number; readonly decode: Decode }
  | { readonly key: string; readonly at: undefined; readonly read: ReadRow }

/** The value of a cell. NULL is null. */
export function decoded(decode: Decode, cell: unknown): unknown {
  return cell === null || decode === undefined ? cell : decode(cell as Wire)
}

/** Rows after which code is made. It takes as long as some hundred rows do. */
const many = 500

/** The builder of objects with these parts. */
export function rowBuilder(parts: readonly Part[]): ReadRow {
  // to assign to __proto__, or to write it in a literal, would set the prototype of the row to a value from the database
  if (parts.some(part => part.key === '__proto__')) return byDefinition(parts)
  const loop = byAssignment(parts)
  let rows = 0
  let build: ReadRow = row => {
    if (++rows === many) build = generated(parts) ?? loop
    return loop(row)
  }
  return row => build(row)
}

function byDefinition(parts: readonly Part[]): ReadRow {
  return row => Object.fromEntries(parts.map(part => [part.key, valueOf(part, row)]))
}

function byAssignment(parts: readonly Part[]): ReadRow {
  return row => {
    const object: Record<string, unknown> = {}
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as Part
      object[part.key] = valueOf(part, row)
    }
    return object
  }
}

function valueOf(part: Part, row: readonly unknown[]): unknown {
  return part.at === undefined ? part.read(row) : decoded(part.decode, row[part.at])
}

/** `row => ({ "id": row[0] === null ? null : make0(row[0]), … })`: nothing but keys, as strings, and numbers gets into the text. */
function generated(parts: readonly Part[]): ReadRow | undefined {
  const names = parts.map((_, i) => `make${i}`)
  const values = parts.map((part, i) => `${JSON.stringify(part.key)}: ${valueText(part, `make${i}`)}`)
  try {
    // oxlint-disable-next-line typescript/no-implied-eval
    const make = new Function(...names, `return row => ({ ${values.join(', ')} })`) as (...makes: unknown[]) => ReadRow
    return make(...parts.map(part => (part.at === undefined ? part.read : part.decode)))
  } catch {
    return undefined
  }
}

function valueText(part: Part, make: string): string {
  if (part.at === undefined) return `${make}(row)`
  const cell = `row[${part.at}]`
  return part.decode === undefined ? cell : `${cell} === null ? null : ${make}(${cell})`
}
