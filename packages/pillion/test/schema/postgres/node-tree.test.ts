import { describe, expect, it } from 'vitest'
import { isNode, listAt, nodeAt, numberAt, readTree, wordAt } from '../../../src/schema/postgres/node-tree.js'

describe('reading node trees', () => {
  const text =
    '({QUERY :commandType 1 :utilityStmt <> :targetList ({TARGETENTRY :expr {VAR :varno 2 :varnullingrels (b 3)} :resname a\\ \\{b\\}} {CONST :constvalue 4 [ 1 0 0 0 ] :constisnull false}) :names ("x" "") :hasAggs true})'

  it('reads nodes, lists, words and absent values', () => {
    const tree = readTree(text)
    const [query] = Array.isArray(tree) ? tree : []
    if (!isNode(query, 'QUERY')) throw new Error('not a query')
    expect(numberAt(query, 'commandType')).toBe(1)
    expect(query.fields.get('utilityStmt')).toBeNull()
    expect(wordAt(query, 'hasAggs')).toBe('true')
    expect(listAt(query, 'names')).toEqual(['"x"', '""'])
    const [entry, constant] = listAt(query, 'targetList')
    if (!isNode(entry) || !isNode(constant)) throw new Error('not nodes')
    expect(wordAt(entry, 'resname')).toBe('a {b}')
    expect(nodeAt(entry, 'expr')?.fields.get('varnullingrels')).toEqual(['b', '3'])
    expect(constant.fields.get('constvalue')).toEqual(['4', '[', '1', '0', '0', '0', ']'])
    expect(wordAt(constant, 'constisnull')).toBe('false')
  })

  it('answers for fields that are not there, or of another kind', () => {
    const node = readTree('{VAR :varno 1 :list (1 2)}')
    if (!isNode(node)) throw new Error('not a node')
    expect(listAt(node, 'varno')).toEqual([])
    expect(nodeAt(node, 'varno')).toBeUndefined()
    expect(wordAt(node, 'list')).toBeUndefined()
    expect(numberAt(node, 'nothing')).toBe(0)
    expect(isNode(node, 'CONST')).toBe(false)
  })

  it('comes to an end wherever the text does', () => {
    for (let length = 0; length <= text.length; length++) readTree(text.slice(0, length))
    for (const broken of ['}', ')', '({)', '{A }', '{A :b )}', '(', '{']) readTree(broken)
  })
})
