/**
 * What a query's own form proves never to be NULL.
 *
 * The proof follows a result column to where it comes from: through subqueries, CTEs, set operations and joins,
 * to a column that never holds NULL, and past no outer join that could put a NULL in its place. Constants,
 * counts and a few expressions prove themselves. Whatever is not known here may be NULL.
 *
 * @module
 */
import { type Tree } from './node-tree.js';
/** Is a column of a relation, both by number, never NULL? */
export type ColumnNeverNull = (relation: string, column: string) => boolean;
/** Is the result column, counted from 1, of a stored query (a list of one) never NULL? */
export declare function queryNeverNull(tree: Tree, column: number, columnNeverNull: ColumnNeverNull): boolean;
