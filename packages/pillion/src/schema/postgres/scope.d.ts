/** Objects of extensions, and the schemas in view. */
export declare const scope: string;
/** Can it stand in FROM under a name of its own? `c` is a row of pg_class. */
export declare const isRelation: string;
/** Is it a sequence in view? `c` is a row of pg_class. */
export declare const isSequence: string;
/** Is it a type that somebody made by CREATE TYPE or CREATE DOMAIN? `t` is a row of pg_type. */
export declare const isNamedType: string;
/** Is it a routine in view? `p` is a row of pg_proc. The constructors that come with a range are not. */
export declare const isRoutine: string;
