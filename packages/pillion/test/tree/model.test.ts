/**
 * What a model refuses, each by its own words: many of these tables would be refused by another check, too.
 *
 * @module
 */
import { describe, expect, test } from 'vitest'
import { type TreeDialect, type TreeOptions, type TreeTable, treeModel } from '../../src/tree/index.js'

const column = (name: string, sqlType = 'bigint', nullable = false) => ({ name, sqlType, nullable })

const node: TreeTable = {
  schema: 'public',
  name: 'node',
  columns: [column('id'), column('parent_id', 'bigint', true), column('code', 'text'), column('no', 'bigint')],
  primaryKey: { columns: ['id'] },
  foreignKeys: [],
}
const { primaryKey: _, ...keyless } = node

const made = (table: TreeTable, options: Partial<TreeOptions>, dialect: TreeDialect = 'postgres') =>
  treeModel(dialect, table, { parent: 'parent_id', closure: 'link', ...options })

const refused: readonly (readonly [string, string, TreeTable, Partial<TreeOptions>, TreeDialect?])[] = [
  ['no key', 'has no primary key', keyless, {}],
  ['a pointer that is the key', 'is the key itself', node, { parent: 'id' }],
  ['a pointer that is not there', 'has no column above', node, { parent: 'above' }],
  ['a key that is not there', 'has no column kye', node, { key: ['kye'] }],
  ['two columns that point to one', 'not the same number of columns', node, { parent: ['parent_id', 'no'] }],
  [
    'a column of both in another place',
    'is in the key, and points to the parent',
    node,
    { key: ['id', 'no'], parent: ['no', 'parent_id'], scope: [] },
  ],
  ['a pointer of another type', 'is text, and id', node, { parent: 'code' }],
  ['a pointer that is never NULL', 'there can be no root', node, { parent: 'no' }],
  ['links in the table itself', 'in the table of the nodes', node, { closure: 'node' }],
  ['a level of isolation elsewhere', 'Only on PostgreSQL', node, { isolation: 'serializable' }, 'mariadb'],
  ['a level of isolation elsewhere', 'Only on PostgreSQL', node, { isolation: 'serializable' }, 'sqlite'],
]

describe('refused', () => {
  test.each(refused.map(([what, why, ...made]) => ({ what, why, given: made })))('$what', ({ why, given }) => {
    const [table, options, dialect] = given
    expect(() => made(table, options, dialect)).toThrow(
      expect.objectContaining({
        code: 'TREE_INVALID',
        message: expect.stringContaining(why),
        hint: expect.stringMatching(/\.$/),
      }),
    )
  })
})

test('a foreign key that nobody looks at is none', () => {
  const pointer = {
    columns: ['parent_id'],
    target: 'public.node',
    targetColumns: ['id'],
    onDelete: 'cascade' as const,
  }
  expect(made({ ...node, foreignKeys: [pointer] }, {})).toMatchObject({ pointer: 'immediate', onDelete: 'cascade' })
  expect(made({ ...node, foreignKeys: [{ ...pointer, notEnforced: true }] }, {})).toMatchObject({
    pointer: 'unchecked',
    onDelete: 'no action',
  })
})
