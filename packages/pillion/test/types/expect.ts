/**
 * Exact expectations of types, held by the compiler: these files are checked and never run.
 *
 * @module
 */
import type { Database, DerivedHandle, Expr, Root, Scope, Subquery } from 'pillion'
import type { DB } from '../support/interviews.gen.js'

/** The same type, to the letter: neither merely assignable nor an equivalent spelling of optional and readonly. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

interface Expectation<Actual> {
  is<Expected>(this: Equal<Actual, Expected> extends true ? unknown : { readonly expected: Expected }): void
}

/** The type of a value. */
export declare function typeOf<T>(value: T): Expectation<T>
/** The type of a query's row. */
export declare function row<R>(query: Subquery<R>): Expectation<R>
/** What an expression of the scope `joined` yields. */
export declare function yields<T>(expression: Expr<T>): Expectation<T>
/** Where an expression may be mentioned. */
export declare function scope<S extends Scope>(expression: Expr<unknown, S>): Expectation<S>

export declare const db: Database<DB>
export const { comment, department, evaluation, interview, tag, user } = db.tables

/** A table whose key is of two columns. */
export declare const page: Root<DerivedHandle<{ tenantId: number; id: string; parentId: string | null; title: string }>>
