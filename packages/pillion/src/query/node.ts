/**
 * A query as frozen, plain data: what builders make and the compiler reads. No SQL text, no I/O.
 *
 * @module
 */
import type { DataType, Table } from '../schema/model.js'

/** Where in the user's source something was written. Formatted only when somebody asks. */
export interface Origin {
  readonly stack?: string
}

/** How a selected value is read, where its data type alone does not say. */
export type Read =
  /** An int8 that is counted or summed: a number, refused when it is not a safe integer. */
  | { readonly kind: 'number' }
  /** A numeric that holds whole numbers: a bigint. */
  | { readonly kind: 'bigint' }
  /** An array of the former, each read so. */
  | { readonly kind: 'numbers' }
  | { readonly kind: 'bigints' }
  /** A JSON array built by us: one element a row of the query. */
  | { readonly kind: 'list'; readonly query: QueryData }

interface Typed {
  readonly type: DataType
  readonly read?: Read | undefined
}

/** A column as handles know it. */
export interface ColumnRef {
  readonly name: string
  readonly key: string
  readonly type: DataType
  readonly nullable: boolean
  readonly read?: Read | undefined
}

export interface ColumnNode extends Typed {
  readonly kind: 'column'
  readonly handle: HandleNode
  readonly column: ColumnRef
  /** Mentioned through `required(h)`: the query must require this handle. */
  readonly required: HandleNode | undefined
}

/** A value given while building: travels as a placeholder, never in the text. */
export interface ValueNode extends Typed {
  readonly kind: 'value'
  readonly value: unknown
  /** Already the server's own text, as a cursor keeps it: not to be encoded again. */
  readonly encoded?: true
}

/**
 * A whole number that stands in the text: of rows, in LIMIT and OFFSET. A placeholder there would hide from the planner
 * how few rows are wanted, and have it plan anew for each run.
 */
export interface NumberNode extends Typed {
  readonly kind: 'number'
  readonly value: number
}

/** A number of rows that is known when the query runs: a parameter in LIMIT or OFFSET. Bound to NULL it bounds nothing. */
export interface RowsNode {
  readonly kind: 'rows'
  readonly param: ParamKey
  readonly bound: RowBound
}

/** What such a parameter is bound within. */
export interface RowBound {
  readonly clause: 'limit()' | 'offset()'
  /** So many are asked for at most, whatever it is bound to. */
  readonly most: number
}

/** What LIMIT and OFFSET take. */
export type RowCount = NumberNode | RowsNode

/** A word that stands in the text, where the grammar takes no placeholder: a unit of time, a separator. */
export interface WordNode extends Typed {
  readonly kind: 'word'
  readonly word: string
}

/** Identity of a late-bound parameter. */
export interface ParamKey {
  readonly name: string
}

export interface ParamNode extends Typed {
  readonly kind: 'param'
  readonly param: ParamKey
}

/** An operator. */
export interface OperatorNode extends Typed {
  readonly kind: 'operator'
  readonly form: 'infix' | 'prefix' | 'postfix'
  readonly operator: string
  readonly args: readonly Node[]
}

/** A plain function call. */
export interface CallNode extends Typed {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Node[]
}

/** An aggregate or a window function. */
export interface AggregateNode extends Typed {
  readonly kind: 'aggregate'
  readonly name: string
  readonly args: readonly Node[]
  readonly distinct: boolean
  readonly orderBy: readonly OrderNode[]
  readonly withinGroup: boolean
  readonly filter: Node | undefined
  readonly over: WindowNode | undefined
}

export interface WindowNode {
  readonly partitionBy: readonly Node[]
  readonly orderBy: readonly OrderNode[]
  readonly frame: string | undefined
}

export interface CaseNode extends Typed {
  readonly kind: 'case'
  readonly whens: readonly { readonly when: Node; readonly then: Node }[]
  readonly otherwise: Node | undefined
}

export interface CastNode extends Typed {
  readonly kind: 'cast'
  readonly of: Node
}

export interface LogicNode extends Typed {
  readonly kind: 'logic'
  readonly operator: 'and' | 'or'
  readonly args: readonly Node[]
}

export interface NotNode extends Typed {
  readonly kind: 'not'
  readonly of: Node
}

/** Is the joined row there? By its key, never by a column the user chose. */
export interface PresenceNode extends Typed {
  readonly kind: 'presence'
  readonly handle: HandleNode
  readonly present: boolean
}

/** A query inside an expression. `list` gathers its rows into one JSON array; `any` is `in` over an array of them. */
export interface SubqueryNode extends Typed {
  readonly kind: 'subquery'
  readonly form: 'scalar' | 'exists' | 'not exists' | 'in' | 'any' | 'not in' | 'list'
  readonly query: QueryData
  readonly operand: Node | undefined
}

/** `ARRAY[…]`. */
export interface ArrayNode extends Typed {
  readonly kind: 'array'
  readonly items: readonly Node[]
}

/** Raw SQL between interpolated nodes. */
export interface FragmentNode extends Typed {
  readonly kind: 'fragment'
  readonly parts: readonly string[]
  readonly args: readonly Node[]
}

export type Node =
  | ColumnNode
  | ValueNode
  | NumberNode
  | WordNode
  | ParamNode
  | OperatorNode
  | CallNode
  | AggregateNode
  | CaseNode
  | CastNode
  | LogicNode
  | NotNode
  | PresenceNode
  | SubqueryNode
  | ArrayNode
  | FragmentNode

export interface OrderNode {
  readonly of: Node
  readonly descending: boolean
  readonly nulls: 'first' | 'last' | undefined
  readonly origin?: Origin | undefined
}

/** What can stand in FROM. */
export type Source = TableSource | QuerySource | CteSource | ValuesSource | FunctionSource

export interface TableSource {
  readonly kind: 'table'
  readonly name: string
  readonly table: Table
  /** Outside the default schema: printed with its schema. Inside, `search_path` decides. */
  readonly qualified: boolean
  /** A view with a left join in its query, as far as is known. */
  readonly joinsLeft: boolean
  readonly columns: readonly ColumnRef[]
}

/** A derived table. A lateral one may mention the handles before it. */
export interface QuerySource {
  readonly kind: 'query'
  readonly name: string
  readonly query: QueryData
  readonly lateral: boolean
  /** The table whose rows these are, where `first` made it: its relations can still be followed. */
  readonly shows: TableSource | undefined
  readonly columns: readonly ColumnRef[]
}

export interface CteSource {
  readonly kind: 'cte'
  readonly name: string
  readonly cte: Cte
  readonly columns: readonly ColumnRef[]
}

export interface ValuesSource {
  readonly kind: 'values'
  readonly name: string
  readonly rows: readonly (readonly Node[])[]
  readonly columns: readonly ColumnRef[]
}

export interface FunctionSource {
  readonly kind: 'function'
  readonly name: string
  readonly call: Node
  readonly columns: readonly ColumnRef[]
}

/** A common table expression. Mentioning it brings its WITH. */
export interface Cte {
  readonly name: string
  readonly query: QueryData
  /** The recursive half: joined to `query` by UNION or UNION ALL. */
  readonly recursion: { readonly query: QueryData; readonly all: boolean } | undefined
  readonly materialized: boolean | undefined
}

/**
 * A join as data. Identity is the object: two nodes are two joins, however alike.
 * Relation keys stand in `on` as ordinary equalities, so that cardinality and dependencies have one source.
 */
export interface HandleNode {
  readonly kind: 'root' | 'inner' | 'left' | 'semi'
  readonly source: Source
  readonly parent: HandleNode | undefined
  /** The root it hangs off; absent for a root. */
  readonly root: HandleNode | undefined
  /** The topmost semi handle at or above it: it lives in that one's EXISTS. */
  readonly semi: HandleNode | undefined
  readonly on: readonly Node[]
  /** Made from a to-many relation, and so may multiply rows, unless `on` pins a unique key. */
  readonly many: boolean
  /** For a many-to-many: the junction between `parent` and this. */
  readonly bridge: HandleNode | undefined
  /** The relation's key, where this is the one handle of a to-one relation of `parent`. */
  readonly relation: string | undefined
  /** `interview.evaluations`: for messages and explanations. */
  readonly path: string
  readonly hint: string | undefined
}

/** What a query selects, as a tree of leaves. */
export type Shape =
  | { readonly kind: 'value'; readonly node: Node }
  | { readonly kind: 'object'; readonly fields: readonly ShapeField[] }
  /** An object that is null when the handle's row is absent. */
  | { readonly kind: 'nest'; readonly handle: HandleNode; readonly fields: readonly ShapeField[] }

export interface ShapeField {
  readonly key: string
  readonly shape: Shape
}

/** A condition and the call that added it. */
export interface Clause {
  readonly node: Node
  readonly origin: Origin
}

export interface Expansion {
  readonly handle: HandleNode
  readonly allowCrossProduct: boolean
  readonly origin: Origin
}

export interface Requirement {
  readonly handle: HandleNode
  readonly origin: Origin
}

export type QueryData = SelectData | CompoundData

/** One SELECT. */
export interface SelectData {
  readonly kind: 'select'
  readonly root: HandleNode
  readonly select: Shape
  readonly selectOrigin: Origin
  readonly where: readonly Clause[]
  readonly groupBy: readonly Node[]
  readonly having: readonly Clause[]
  readonly orderBy: readonly OrderNode[]
  readonly distinct: boolean | readonly Node[]
  readonly limit: RowCount | undefined
  readonly offset: RowCount | undefined
  readonly require: readonly Requirement[]
  readonly expand: readonly Expansion[]
  readonly origin: Origin
}

/** Two queries under UNION, INTERSECT or EXCEPT. Sorted by output columns. */
export interface CompoundData {
  readonly kind: 'compound'
  readonly operator: 'UNION' | 'UNION ALL' | 'INTERSECT' | 'EXCEPT'
  readonly left: QueryData
  readonly right: QueryData
  readonly orderBy: readonly {
    readonly key: string
    readonly descending: boolean
    readonly nulls: 'first' | 'last' | undefined
  }[]
  readonly limit: RowCount | undefined
  readonly offset: RowCount | undefined
  readonly origin: Origin
}
