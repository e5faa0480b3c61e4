/**
 * What a page's claims are held to.
 *
 * @module
 */
import { expect } from 'vitest'

/** A check of what a page says. Each knows the page's line. */
export interface Check {
  /** The line about to run: where an error that nobody foretold is placed. */
  at(line: number): void
  value(line: number, actual: unknown, expected: unknown): void
  throws(line: number, run: () => Promise<unknown>, code: string): Promise<void>
  sql(line: number, query: { toSQL(): { readonly sql: string } }, expected: string): void
  /** Nothing at run time: `T` must be `true` for the page to compile. */
  type<T extends true>(): T | undefined
}

/** Are two types one? */
export type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : { readonly is: A; readonly said: B }

/** The row of a query, of its promise, or of a list of rows. */
export type RowIn<Q> = Q extends { readonly row?: infer Row } ? Row : Q extends readonly (infer Row)[] ? Row : Q

/** The checks of a page. */
export function checkOf(page: string): Check & { readonly place: string } {
  let current = 0
  const at = (line: number) => {
    current = line
    return `${page}:${line}`
  }
  return {
    get place() {
      return `${page}:${current}`
    },
    at,
    value(line, actual, expected) {
      expect(actual, at(line)).toEqual(expected)
    },
    async throws(line, run, code) {
      const error = await run().then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect((error as { readonly code?: unknown } | undefined)?.code ?? error, at(line)).toBe(code)
    },
    sql(line, query, expected) {
      expect(onOneLine(query.toSQL().sql), at(line)).toBe(onOneLine(expected))
    },
    type: () => undefined,
  }
}

/** SQL without the places of its lines. */
export function onOneLine(sql: string): string {
  return sql.trim().replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')')
}
