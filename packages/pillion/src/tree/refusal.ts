/**
 * What the triggers of a tree refuse, and how to know it again below whatever an ORM makes of an error: SQLite's triggers
 * have nothing to tell but a message, so the message carries the code, on every engine.
 *
 * @module
 */
import { isPillionError, PillionError } from '../errors.js'
import { errorsBelow } from '../errors-below.js'

/** Each refusal as the triggers say it, and what to do about it. */
const refusals = {
  TREE_CYCLE: ['A node cannot be below itself.', 'Move it elsewhere, or first move what it is to be below.'],
  TREE_PARENT_MISSING: ['A parent is missing.', 'Insert the parent before, or in the same statement.'],
  TREE_CHILDREN_LEFT: ['A node with children cannot go.', 'Delete or move them before.'],
  TREE_KEY_TAKEN: ['Another node has that key.', 'Delete it before, or give it another key; REPLACE does not.'],
  TREE_KEY_MISSING: ['A node has no key.', 'Give it one, or declare the column NOT NULL; SQLite lets a key be NULL.'],
  TREE_ISOLATION: [
    'A tree is not changed so at this isolation level.',
    'Move nodes at READ COMMITTED; at SERIALIZABLE where the tree was installed so.',
  ],
  TREE_LINKS_KEPT: [
    'The links of a tree are kept by triggers.',
    'Change the nodes; to mend the links: pillion tree rebuild.',
  ],
  TREE_LINKS_WRONG: ['The links of a tree are wrong.', 'Mend them: pillion tree rebuild.'],
} as const

/** What a trigger of a tree refuses. */
export type TreeRefusalCode = keyof typeof refusals

const codes = Object.keys(refusals) as TreeRefusalCode[]

/** The message that a trigger raises: `A node cannot be below itself. (TREE_CYCLE)`. */
export function refusalText(code: TreeRefusalCode): string {
  return `${refusals[code][0]} (${code})`
}

/** The same refusal, where no trigger looks. */
export function refused(code: TreeRefusalCode): PillionError {
  return new PillionError(code, refusals[code][0], { hint: refusals[code][1] })
}

/**
 * What the triggers of a tree refused, from the error of a driver or an ORM, however deep it lies there. An error of pillion's with
 * a code that is the same on every engine, and the error given as its cause; undefined of any other error.
 *
 * | Code                  | SQLSTATE, PostgreSQL | errno, MariaDB |
 * | --------------------- | -------------------- | -------------- |
 * | `TREE_CYCLE`          | `23514`              | 4025           |
 * | `TREE_PARENT_MISSING` | `23503`              | 1452           |
 * | `TREE_CHILDREN_LEFT`  | `23503`              | 1451           |
 * | `TREE_KEY_TAKEN`      |                      |                |
 * | `TREE_KEY_MISSING`    |                      |                |
 * | `TREE_ISOLATION`      | `0A000`              |                |
 * | `TREE_LINKS_KEPT`     | `55000`              |                |
 * | `TREE_LINKS_WRONG`    | `XX001`              |                |
 *
 * What a foreign key of the pointer refuses it refuses itself, with an error of its own. On SQLite that is so of all that
 * is looked at when a statement is over: only a node that is its own parent is `TREE_CYCLE` there, any longer circle
 * `SQLITE_CONSTRAINT_FOREIGNKEY`.
 *
 * ```ts
 * await prisma.node.update({ where: { id: 2 }, data: { parentId: 5 } }).catch(error => {
 *   throw treeRefusal(error)?.code === 'TREE_CYCLE' ? conflict('It cannot be below itself.') : error
 * })
 * ```
 */
export function treeRefusal(error: unknown): PillionError | undefined {
  for (const each of errorsBelow(error)) {
    if (isPillionError(each) && codes.some(code => code === each.code)) return each
    const code = codes.find(known => textOf(each).includes(refusalText(known)))
    if (code !== undefined) return new PillionError(code, refusals[code][0], { cause: error, hint: refusals[code][1] })
  }
  return undefined
}

const textOf = ({ message }: { readonly message?: unknown }): string => (typeof message === 'string' ? message : '')
