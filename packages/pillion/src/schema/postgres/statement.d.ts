/** Reads everything in view. `$1`: schemas. */
export declare const wholeStatement: (version: number) => string;
/** Reads what changed objects reach. `$1`: schemas; `$2`: changed objects as `classid:oid`. */
export declare const touchedStatement: (version: number) => string;
