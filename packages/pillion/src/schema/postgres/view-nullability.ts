/**
 * What a query's own form proves never to be NULL.
 *
 * The proof follows a result column to where it comes from: through subqueries, CTEs, set operations and joins,
 * to a column that never holds NULL, and past no outer join that could put a NULL in its place. Constants,
 * counts and a few expressions prove themselves. Whatever is not known here may be NULL.
 *
 * @module
 */
import { isNode, listAt, nodeAt, numberAt, type Tree, type TreeNode, wordAt } from './node-tree.js'

/** Is a column of a relation, both by number, never NULL? */
export type ColumnNeverNull = (relation: string, column: string) => boolean

const rangeKind = { relation: '0', subquery: '1', join: '2', values: '5', cte: '6', group: '9' } as const
const joinKind = { inner: '0', left: '1', full: '2', right: '3' } as const
const setOperation = { union: '1', intersect: '2' } as const
const existsSublink = '0'

/** `count(*)`, `count(x)`. */
const counts = new Set(['2803', '2147'])
/** `count`, `row_number`, `rank`, `dense_rank`, `percent_rank`, `cume_dist`. */
const numberings = new Set([...counts, '3100', '3101', '3102', '3103', '3104'])
/** `text || text`. */
const totalFunctions = new Set(['1258'])
/** `text`, `bpchar`, `varchar`: every value has a text. */
const textTypes = new Set(['25', '1042', '1043'])

/** A query, where it stands, and what its joins do. */
interface Scope {
  readonly query: TreeNode
  readonly parent: Scope | undefined
  /** For each entry of the range table: the outer joins, by index, that may put NULLs in its place. */
  readonly nulledBy: ReadonlyMap<number, ReadonlySet<number>>
  /** Columns of CTEs whose proof is under way: a recursive one may lean on itself, as an induction does. */
  readonly proving: readonly Claim[]
}

interface Claim {
  readonly cte: TreeNode
  readonly column: number
}

/** Is the result column, counted from 1, of a stored query (a list of one) never NULL? */
export function queryNeverNull(tree: Tree, column: number, columnNeverNull: ColumnNeverNull): boolean {
  const [query] = Array.isArray(tree) ? tree : [tree]
  return isNode(query, 'QUERY') && resultNeverNull(scopeOf(query, undefined, []), column)

  function resultNeverNull(scope: Scope, number: number): boolean {
    const operations = nodeAt(scope.query, 'setOperations')
    if (operations) return operandNeverNull(operations, scope, number)
    const entry = listAt(scope.query, 'targetList').find(
      target => isNode(target) && numberAt(target, 'resno') === number && wordAt(target, 'resjunk') !== 'true',
    )
    const expression = isNode(entry) ? nodeAt(entry, 'expr') : undefined
    if (expression === undefined) return false
    // A grouping set puts NULL in place of whatever it does not group by.
    if (listAt(scope.query, 'groupingSets').length > 0) return isCount(expression)
    return neverNull(expression, scope)
  }

  function operandNeverNull(operand: TreeNode, scope: Scope, number: number): boolean {
    if (operand.tag === 'RANGETBLREF') {
      const entry = rangeEntry(scope, numberAt(operand, 'rtindex'))
      const subquery = entry && nodeAt(entry, 'subquery')
      return subquery !== undefined && resultNeverNull(scopeOf(subquery, scope, scope.proving), number)
    }
    const [left, right] = [nodeAt(operand, 'larg'), nodeAt(operand, 'rarg')]
    if (left === undefined || right === undefined) return false
    switch (wordAt(operand, 'op')) {
      case setOperation.union:
        return operandNeverNull(left, scope, number) && operandNeverNull(right, scope, number)
      case setOperation.intersect:
        return operandNeverNull(left, scope, number) || operandNeverNull(right, scope, number)
      default:
        return operandNeverNull(left, scope, number)
    }
  }

  /**
   * Tags are as PostgreSQL 16 writes them and, where they differ, as 13 to 15 did.
   * `within` is a full join whose own NULLs do not count, because both sides of it are looked at.
   */
  function neverNull(expression: Tree | undefined, scope: Scope, within?: number): boolean {
    if (!isNode(expression)) return false
    const prove = (tree: Tree | undefined) => neverNull(tree, scope, within)
    const argument = () => prove(expression.fields.get('arg'))
    switch (expression.tag) {
      case 'VAR':
        return variableNeverNull(expression, scope, within)
      case 'CONST':
        return wordAt(expression, 'constisnull') === 'false'
      case 'AGGREF':
      case 'GROUPINGFUNC':
        return isCount(expression)
      case 'WINDOWFUNC':
        return numberings.has(wordAt(expression, 'winfnoid') ?? '')
      case 'RELABELTYPE':
      case 'COLLATE':
      case 'COLLATEEXPR':
      case 'COERCETODOMAIN':
        return argument()
      case 'COERCEVIAIO':
        return textTypes.has(wordAt(expression, 'resulttype') ?? '') && argument()
      case 'OPEXPR':
        return totalFunctions.has(wordAt(expression, 'opfuncid') ?? '') && listAt(expression, 'args').every(prove)
      case 'BOOLEXPR':
        return listAt(expression, 'args').every(prove)
      case 'COALESCE':
      case 'COALESCEEXPR':
        return coalesceNeverNull(expression, scope, within)
      case 'MINMAX':
      case 'MINMAXEXPR':
        return listAt(expression, 'args').some(prove)
      case 'CASE':
      case 'CASEEXPR':
        return (
          prove(expression.fields.get('defresult')) &&
          listAt(expression, 'args').every(when => isNode(when) && prove(when.fields.get('result')))
        )
      case 'NULLTEST':
      case 'BOOLEANTEST':
      case 'DISTINCTEXPR':
      case 'ARRAY':
      case 'ARRAYEXPR':
        return true
      case 'SUBLINK':
        return wordAt(expression, 'subLinkType') === existsSublink
      default:
        return false
    }
  }

  function coalesceNeverNull(expression: TreeNode, scope: Scope, within?: number): boolean {
    const args = listAt(expression, 'args')
    // The merged column of a full join: one side has a row, nobody knows which.
    if (within !== undefined) return args.every(arg => neverNull(arg, scope, within))
    return args.some(arg => neverNull(arg, scope))
  }

  function variableNeverNull(variable: TreeNode, from: Scope, within?: number): boolean {
    const levels = numberAt(variable, 'varlevelsup')
    const scope = outward(from, levels)
    const index = numberAt(variable, 'varno')
    const number = numberAt(variable, 'varattno')
    const entry = scope && rangeEntry(scope, index)
    if (scope === undefined || entry === undefined || number < 1) return false
    const kind = wordAt(entry, 'rtekind')
    if (kind === rangeKind.group) {
      const grouped = listAt(scope.query, 'groupingSets').length === 0
      return grouped && neverNull(listAt(entry, 'groupexprs')[number - 1], scope)
    }
    const nulling = scope.nulledBy.get(index)
    if (nulling === undefined || [...nulling].some(join => levels > 0 || join !== within)) return false
    switch (kind) {
      case rangeKind.relation:
        return columnNeverNull(wordAt(entry, 'relid') ?? '', String(number))
      case rangeKind.subquery: {
        const subquery = nodeAt(entry, 'subquery')
        return subquery !== undefined && resultNeverNull(scopeOf(subquery, scope, scope.proving), number)
      }
      case rangeKind.join: {
        const full = wordAt(entry, 'jointype') === joinKind.full
        const merged = listAt(entry, 'joinaliasvars')[number - 1]
        return neverNull(merged, scope, full && isNode(merged) && merged.tag.startsWith('COALESCE') ? index : undefined)
      }
      case rangeKind.values: {
        const rows = listAt(entry, 'values_lists')
        return rows.length > 0 && rows.every(row => Array.isArray(row) && neverNull(row[number - 1], scope))
      }
      case rangeKind.cte:
        return cteNeverNull(entry, scope, number)
      default:
        return false
    }
  }

  function cteNeverNull(entry: TreeNode, from: Scope, number: number): boolean {
    const name = wordAt(entry, 'ctename')
    const levels = numberAt(entry, 'ctelevelsup')
    const scope = outward(from, levels)
    const cte = scope && listAt(scope.query, 'cteList').find(item => isNode(item) && wordAt(item, 'ctename') === name)
    if (scope === undefined || !isNode(cte)) return false
    const query = nodeAt(cte, 'ctequery')
    if (query === undefined) return false
    if (from.proving.some(claim => claim.cte === cte && claim.column === number)) return true
    return resultNeverNull(scopeOf(query, scope, [...from.proving, { cte, column: number }]), number)
  }
}

const isCount = (expression: TreeNode): boolean =>
  expression.tag === 'GROUPINGFUNC' || (expression.tag === 'AGGREF' && counts.has(wordAt(expression, 'aggfnoid') ?? ''))

const rangeEntry = ({ query }: Scope, index: number): TreeNode | undefined => {
  const entry = listAt(query, 'rtable')[index - 1]
  return isNode(entry) ? entry : undefined
}

const outward = (scope: Scope | undefined, levels: number): Scope | undefined =>
  levels === 0 ? scope : scope && outward(scope.parent, levels - 1)

function scopeOf(query: TreeNode, parent: Scope | undefined, proving: readonly Claim[]): Scope {
  const nulledBy = new Map<number, ReadonlySet<number>>()
  const walk = (item: Tree | undefined, nulling: ReadonlySet<number>): void => {
    if (!isNode(item)) return
    if (item.tag === 'RANGETBLREF') nulledBy.set(numberAt(item, 'rtindex'), nulling)
    if (item.tag === 'FROMEXPR') for (const inner of listAt(item, 'fromlist')) walk(inner, nulling)
    if (item.tag !== 'JOINEXPR') return
    const index = numberAt(item, 'rtindex')
    const kind = wordAt(item, 'jointype')
    const nulled = new Set([...nulling, index])
    nulledBy.set(index, nulling)
    walk(item.fields.get('larg'), kind === joinKind.inner || kind === joinKind.left ? nulling : nulled)
    walk(item.fields.get('rarg'), kind === joinKind.inner || kind === joinKind.right ? nulling : nulled)
  }
  walk(query.fields.get('jointree'), new Set())
  return { query, parent, nulledBy, proving }
}
