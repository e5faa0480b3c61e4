import { type CatalogueRows } from './rows.js';
import type { Types } from './types.js';
/** Is the column of this relation, by number, never NULL in any row that a SELECT from the relation sees? */
export type NeverNull = (relation: string, column: string) => boolean;
/**
 * What tables declare and what views prove. A foreign table's NOT NULL is a promise that this server does not
 * check, so it is no proof for a view; nor is any column for a materialized view, whose rows may be older than
 * the column's NOT NULL.
 */
export declare function neverNullOf(rows: CatalogueRows, types: Types): NeverNull;
/** Ids of the relations that a view's query reads, sorted, by the view's oid. */
export declare function dependenciesOf(rows: CatalogueRows): (view: string) => readonly string[];
