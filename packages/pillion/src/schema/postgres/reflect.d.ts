import type { Catalog, Names } from '../model.js';
import { type Overrides } from '../overrides.js';
import { type Read } from './read.js';
/** What to reflect, and how to name it. */
export interface ReflectOptions {
    /** Default: all but the server's own. */
    readonly schemas?: readonly string[];
    /** Default: `database`. */
    readonly names?: Names;
    /** The schema whose tables need no qualifying. Default: `public` where there is one, else the session's. */
    readonly defaultSchema?: string;
    /** What is known better than the catalogue knows it. */
    readonly overrides?: Overrides;
    /** An earlier pull, whose relation names are to stay. */
    readonly previous?: Catalog;
}
/**
 * Reads the schema of a database in one statement, so in one snapshot, whatever connection it rides on.
 *
 * @param read Runs one statement and gives rows of text.
 * @throws REFLECT_FAILED when the server answers what no PostgreSQL from 13 on would; OVERRIDE_INVALID when an
 *   override names what is not there. Errors of `read` pass through.
 * @example const catalog = await reflectPostgres(read, { names: 'camel' })
 */
export declare function reflectPostgres(read: Read, options?: ReflectOptions): Promise<Catalog>;
/** Overrides, keys and relations, on what the catalogue says. */
export declare function completed(catalog: Catalog, { overrides, previous }: ReflectOptions): Catalog;
