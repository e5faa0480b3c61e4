/**
 * From the rows of the catalogue statement to everything but relations between tables.
 *
 * @module
 */
import type { Catalog, Names } from '../model.js';
import type { CatalogueRows } from './rows.js';
/** What the rows do not say. */
export interface CatalogOptions {
    readonly names?: Names;
    readonly defaultSchema?: string;
}
/** A catalog whose tables have no keys and relations yet. */
export declare function catalogOf(rows: CatalogueRows, version: number, { names, defaultSchema }: CatalogOptions): Catalog;
