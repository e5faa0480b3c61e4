/**
 * A reader of the node trees that PostgreSQL keeps parsed queries in (`pg_rewrite.ev_action`): nodes
 * `{NAME :field value …}`, lists `(…)`, and words. It knows no node by name, so that no version surprises it.
 *
 * @module
 */
/** A word, an absent value, a list, or a node. */
export type Tree = string | null | readonly Tree[] | TreeNode;
/** One node: `VAR`, with `varno` and its other fields. */
export interface TreeNode {
    readonly tag: string;
    readonly fields: ReadonlyMap<string, Tree>;
}
/** Reads one value: the first of the text. A text cut short reads as far as it goes. */
export declare function readTree(text: string): Tree;
/** Is it a node, and of this name where one is given? */
export declare const isNode: (tree: Tree | undefined, tag?: string) => tree is TreeNode;
/** A field that is a list; anything else is none. */
export declare function listAt(node: TreeNode, field: string): readonly Tree[];
/** A field that is a node. */
export declare function nodeAt(node: TreeNode, field: string): TreeNode | undefined;
/** A field that is a word. */
export declare function wordAt(node: TreeNode, field: string): string | undefined;
/** A field that is a number; absent counts as 0, as the server writes it. */
export declare const numberAt: (node: TreeNode, field: string) => number;
