/**
 * How catalogue queries reach the server.
 *
 * @module
 */
/** A row as the wire gave it: text or null, by position. */
export type TextRow = readonly (string | null)[];
/** Runs one statement and gives its rows as text. Values are text or null too. */
export type Read = (sql: string, values?: readonly (string | null)[]) => Promise<readonly TextRow[]>;
/** An array literal of PostgreSQL: `{"a","b"}`. */
export declare function arrayLiteral(items: readonly string[]): string;
/** The members of an array of numbers, or of names that need no quotes, as the server prints it. */
export declare function arrayItems(literal: string | null): readonly string[];
/** The numbers of an `int2vector`, as the server prints it. */
export declare function vectorItems(literal: string | null): readonly string[];
/** The oids of the catalogues themselves, the same in every server. */
export declare const catalogue: {
    readonly type: 1247;
    readonly routine: 1255;
    readonly relation: 1259;
    readonly default: 2604;
    readonly constraint: 2606;
    readonly namespace: 2615;
    readonly server: 1417;
    readonly rule: 2618;
    readonly trigger: 2620;
    readonly extension: 3079;
    readonly policy: 3256;
};
