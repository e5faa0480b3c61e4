/**
 * What differs from one database's SQL to another's: small hooks of one printer.
 *
 * @module
 */
import type { Cell, WireCodec } from '../schema/codec.js'
import type { DataType } from '../schema/model.js'

/** The operands of an operator or a function, printed on demand. */
export interface Operands {
  readonly count: number
  type(at: number): DataType
  /** Is one a whole number, whatever type it goes by? A sum of bigints is, and a numeric. */
  isWhole(at: number): boolean
  /** One as text, in parentheses where an operator beside it could tear it apart. */
  sql(at: number): string
  /** The word that one is: a unit of time, a separator. */
  word(at: number): string
  /** One that is a value or a parameter, bound as another type; of anything else its text. */
  as(at: number, type: DataType): string
  /** One that is a list bound at run time, as a list in parentheses; undefined of anything else. */
  list(at: number): string | undefined
}

/** How a dialect writes an operator or a function that is not written as in PostgreSQL. */
export type Rewrite = ((operands: Operands) => string) | 'lacking'

/** An aggregate's parts as text. */
export interface AggregateParts {
  readonly operands: Operands
  readonly distinct: boolean
  /** ` ORDER BY …`, or nothing. */
  readonly orderBy: string
}

/** How a dialect writes an aggregate that is not written as in PostgreSQL. */
export type AggregateRewrite = ((parts: AggregateParts) => string) | 'lacking'

/** A SELECT of JSON values, to be made one array of. */
export interface JsonRows {
  /**
   * `SELECT item FROM … ORDER BY … LIMIT …`, its column under a name where one is given.
   *
   * @param limits what stands for a LIMIT where there is none.
   */
  select(name?: string, limits?: string): string
  /** One SELECT that gathers by an aggregate: given the item, its ` ORDER BY …` and its ` LIMIT …`. */
  gather(write: (item: string, orderBy: string, limits: string) => string): string
}

/** Question and answer about a statement's plan. */
export interface ExplainForm {
  /** The statement that asks for the plan of another. */
  statement(sql: string, options: { readonly analyze: boolean; readonly buffers: boolean }): string
  /** The plan in the rows of the answer. */
  read(rows: readonly (readonly Cell[])[]): unknown
}

/** A part of SELECT that not every dialect has. */
export type Feature =
  | 'DISTINCT ON'
  | 'LATERAL'
  | 'MATERIALIZED'
  | 'an array'
  | 'a function in FROM'
  | 'a table in FROM that sees the query around its own'
  | 'a row that nothing but NULLs tells from a missing one'
  | 'a default of lag and lead'
  | 'LIMIT inside IN'
  | 'GROUPS in a window'
  | 'EXCLUDE in a window'
  | 'an aggregate in ORDER BY alone'
  | 'a page in the order of JSON documents'
  | 'HAVING without GROUP BY'
  | 'HAVING over an aggregate beside a window function'
  | 'HAVING where nothing is grouped and nothing that is selected is an aggregate'

/** What a statement has in it somewhere, and its server may have to be told of for the whole of it. */
export type Trait =
  | 'LATERAL'
  | 'EXISTS'
  | 'an anti-join'
  | 'a left join inside a semi-join'
  | 'a subquery about a derived table inside a semi-join'
  | 'words put together'
  | 'JSON put together'

export interface Dialect {
  readonly name: string
  /** The longest identifier, in bytes. */
  readonly maxIdentifier: number
  /** What of SELECT it lacks: asking for it is an error. */
  readonly lacks: ReadonlySet<Feature>
  quote(name: string): string
  /** The same of two names that it takes for one, whatever their quotes. */
  folded(name: string): string
  /** A word of the query's own, never a bound value, as a string constant. */
  literal(word: string): string
  /** `$1`; or `?`, where values are bound in the order of the text. */
  placeholder(position: number): string
  readonly placeholders: 'numbered' | 'in order'
  /** An expression of one type as another; undefined where there is no such type, or no way there. */
  cast(sql: string, type: DataType, from: DataType): string | undefined
  /** A placeholder of a type, beside an expression that does not tell it; undefined where there is no such type. */
  typed(placeholder: string, type: DataType): string | undefined
  /** A placeholder of a type, beside a column of it. */
  beside(placeholder: string, type: DataType): string
  /** How values of a type cross the wire. */
  codec(type: DataType): WireCodec
  /** A selected value as it leaves the server: free of session settings, of a form that its codec reads. */
  output(sql: string, type: DataType): string
  /** The same of a column of a table, where that needs less: it holds less than an expression may give. */
  stored?(sql: string, type: DataType): string
  /** Are the labels of an enumeration no text to functions and patterns of text, so that they are cast? */
  readonly castsLabels?: boolean
  readonly operators: Readonly<Record<string, Rewrite>>
  readonly functions: Readonly<Record<string, Rewrite>>
  readonly aggregates: Readonly<Record<string, AggregateRewrite>>
  /** What is put around an aggregate, its FILTER and its OVER. */
  readonly aroundAggregates?: Readonly<Record<string, (call: string) => string>>
  /** Does an aggregate take a placeholder of a type for NULL, where nothing is around it? */
  losesFolded?(type: DataType): boolean
  /** `FILTER (WHERE …)`, or a CASE around what is aggregated. */
  readonly filter: 'clause' | 'case'
  /** Where NULLs stand when nobody says: they count as larger than every value, or as smaller. */
  readonly nulls: 'largest' | 'smallest'
  /** A column of a set operation as it is sorted by, where what comes out of one has lost its type. */
  compoundKey?(column: string, type: DataType): string
  /** One key of ORDER BY; `nulls` only where it was asked for; a type where the key is an expression. */
  orderKey(sql: string, descending: boolean, nulls: 'first' | 'last' | undefined, type?: DataType): string
  /**
   * By which function a window function, and the least and the most of a group, take a column of a table in FROM that is a query: a server
   * that makes that one with the query around it takes the column of a row that is missing for what it would be in another.
   */
  readonly inAggregate?: string
  /** Does a comparison of rows find its way by an index? Pages use it then. */
  readonly comparesRows: boolean
  /** Does a placeholder beside any expression take the type that the server knows of it? */
  readonly infersBeside: boolean
  /** What a window over all rows says beside others, where the server takes one that says nothing for the end of those before it. */
  readonly overAll?: string
  /** Is the row of an alias there, where no column of it tells? Undefined where nothing does. */
  isRow(alias: string, present: boolean): string | undefined
  /** Rows of values as a table: `columns` quoted. */
  values(rows: readonly (readonly string[])[], alias: string, columns: readonly string[]): string
  /** Two SELECTs as one, behind which ORDER BY and LIMIT may stand; undefined where there is no such operator. */
  compound(left: string, operator: string, right: string): string | undefined
  limits(limit: string | undefined, offset: string | undefined): string
  /** What always holds, said of each inner LATERAL, where it would be taken for one that leaves no row out otherwise. */
  readonly onLateral?: string
  /** Said to each subquery in the conditions of a left join, where the server finds no plan otherwise. */
  readonly hintInLeftJoin?: string
  /** Does an OFFSET inside EXISTS skip the rows that DISTINCT and GROUP BY make, and not those that they are made of? */
  readonly skipsFolded: boolean
  /** Does EXISTS answer wrongly of some set operations a side of which is one itself? */
  readonly missesNested?: boolean
  /** Does a table's primary key alone tell a group's columns, so that GROUP BY says it of each table that they are of? */
  readonly groupsByPrimaryKeys?: boolean
  /** By which function an expression takes what it is grouped by, where the server knows that as a whole only. */
  readonly ofGroup?: string
  /** The same in HAVING; there of columns, too, that groups tell without being grouped by themselves. */
  readonly inHaving?: string
  /**
   * Said behind a table in FROM with subqueries among its columns, in a statement with groups, or with a subquery about a derived table of
   * its own: a server that makes it one with the query around it gives other rows, or an error, when the prepared statement is run again.
   */
  readonly apart?: string
  /**
   * Said behind one of which a left join may find no row, with expressions among its columns, be it of several tables or of any: in conditions
   * a server that makes it one with the query around it takes these for what they are of NULLs, or of columns that are never NULL.
   */
  readonly apartWhereAbsent?: { readonly says: string; readonly of: 'several tables' | 'any tables' }
  /** Does a left join find a row, too, by the column of one that another did not find, where the server knows what it would be? */
  readonly forgetsAbsence?: boolean
  /**
   * Said behind the order of groups beside a window function: a server that drops an ORDER BY for being the GROUP BY leaves them as they
   * are sorted for the window.
   */
  readonly keepsOrder?: string
  /** What stands in the parentheses of IN where a list that is bound has no items. */
  readonly emptyList: string
  /** How many items stand in one JSON array; more are chunked into arrays of arrays. */
  readonly jsonChunk: number
  /** An array of JSON values, one for each argument. */
  jsonArray(items: readonly string[]): string
  /** A value as JSON, also where it is an array itself. */
  jsonValue(item: string): string
  /** The rows of a SELECT of JSON as one array, in their order; an empty one of none. */
  jsonRows(rows: JsonRows): string
  /** Such an array as a value of another. */
  jsonNested(rows: string): string
  /** A value that JSON has a form of its own for, inside a JSON document; undefined where it needs nothing. */
  jsonNative?(sql: string, type: DataType): string
  /** A value as text inside a JSON document, which its codec reads. */
  jsonText(sql: string, type: DataType): string
  /** The server's text of a value, free of session settings: what a page cursor keeps. */
  exactText(sql: string, type: DataType): string
  /** An expression that is sorted by on pages, as what its exact text holds all of; undefined where that is the expression itself. */
  pageKey?(sql: string, type: DataType): string
  /** That text as a value for a placeholder of the type. */
  exactCell(text: string, type: DataType): Cell
  /** What a statement as a whole must begin with or end on, as a setting that holds for it alone. */
  statement(sql: string, traits: ReadonlySet<Trait>): string
  readonly explain: ExplainForm
}
