/**
 * Small words for plain data.
 *
 * @module
 */
/** A boolean as the server prints it. */
export declare const isTrue: (text: string) => boolean;
type Present<T> = {
    [K in keyof T]?: Exclude<T[K], null | undefined | false>;
};
/** Only the properties that say something: not absent, not null, not false. */
export declare function present<T extends object>(properties: T): Present<T>;
/** Orders text by code unit: the same on every machine, whatever its locale. */
export declare const byText: (a: string, b: string) => number;
/** Orders by name. */
export declare const byName: (a: {
    readonly name: string;
}, b: {
    readonly name: string;
}) => number;
/** A frozen list, sorted by name. */
export declare const named: <T extends {
    readonly name: string;
}>(items: readonly T[]) => readonly T[];
export {};
