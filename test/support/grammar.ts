/**
 * Vitest's setup of each file: every text that a query of its tests prints for PostgreSQL must be one SELECT to PostgreSQL's own
 * grammar. What is sent a server reads anyway.
 *
 * @module
 */
import { afterAll, expect } from 'vitest'
import type { Compiled } from '../../packages/pillion/src/compile/compile.js'
import { Query } from '../../packages/pillion/src/query/query.js'
import { Runnable } from '../../packages/pillion/src/query/runnable.js'

const texts = new Set<string>()
const { toSQL } = Runnable.prototype
const { pageSQL } = Query.prototype

Runnable.prototype.toSQL = function print(...given: Parameters<typeof toSQL>) {
  return noted(this, toSQL.apply(this, given))
}

Query.prototype.pageSQL = function printPage(...given: Parameters<typeof pageSQL>) {
  return noted(this, pageSQL.apply(this, given))
}

afterAll(async () => {
  if (texts.size === 0) return
  const isOneSelect = await grammar()
  expect([...texts].filter(text => !isOneSelect(text))).toEqual([])
})

function noted<S extends { readonly sql: string }>(query: Pick<typeof Runnable.prototype, 'prepared'>, printed: S): S {
  const { compiled } = query.prepared() as unknown as { readonly compiled: Compiled }
  if (compiled.dialect.name === 'PostgreSQL') texts.add(printed.sql)
  return printed
}

/** Is a text one SELECT to the parser of PostgreSQL 18? Loaded by the files that ask. */
export async function grammar(): Promise<(text: string) => boolean> {
  const { loadModule, parseSync } = await import('libpg-query')
  await loadModule()
  return text => {
    try {
      const { stmts = [] } = parseSync(text)
      return stmts.length === 1 && Object.keys(stmts[0]?.stmt ?? {})[0] === 'SelectStmt'
    } catch {
      return false
    }
  }
}
