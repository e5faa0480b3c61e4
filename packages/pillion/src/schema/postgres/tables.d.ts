import type { Names, Table } from '../model.js';
import type { NeverNull } from './nullability.js';
import { type CatalogueRows } from './rows.js';
import type { Types } from './types.js';
/** What tables are built with. */
export interface TableContext {
    readonly types: Types;
    readonly neverNull: NeverNull;
    /** Ids of the relations that a view's query reads, sorted. */
    readonly dependencies: (view: string) => readonly string[];
    readonly names: Names;
}
/** The tables and views of the rows, in order of schema and name; their keys are still their ids. */
export declare function tablesOf(rows: CatalogueRows, context: TableContext): readonly Table[];
