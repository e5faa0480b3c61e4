import type { DataType, NamedType } from '../model.js';
import { type CatalogueRows } from './rows.js';
/** A type of the catalogue at one use of it. */
export interface TypeUse {
    readonly oid: string;
    /** As `format_type` prints it, where the use has a modifier. */
    readonly sqlType: string | null;
    /** Declared dimensions, where the type is an array. */
    readonly dimensions: string;
}
/** Gives data types; the same use always gives the same object. */
export interface Types {
    typeOf(use: TypeUse): DataType;
    sqlTypeOf(use: TypeUse): string;
    /** Does the type itself refuse NULL? Of a domain, or of a domain that it is over. */
    refusesNull(oid: string): boolean;
}
/** The types that a reflection's columns, fields and domains can be of. */
export declare function typesOf(rows: CatalogueRows): Types;
/** The types made by CREATE TYPE and CREATE DOMAIN in the schemas in view, in name order. */
export declare function namedTypes(rows: CatalogueRows, types: Types): readonly NamedType[];
