/**
 * Pillion: the queries an ORM cannot write, on the ORM's own connection, with every join under your control.
 *
 * @module
 */
export { type ErrorCode, type ErrorDetails, errorCodes, isPillionError, PillionError } from './errors.js'
export { retryable } from './retry/retryable.js'
export { type RetryOptions, withRetry } from './retry/with-retry.js'
export { type Database, type DatabaseOptions, pillion, pillionSync, type RefreshedDatabase } from './run/database.js'
export { from } from './run/detached.js'
export type {
  Host,
  RunOptions as HostRunOptions,
  Statement,
  StreamOptions as HostStreamOptions,
  WireResult,
} from './run/host.js'
export type { RawQuery, RawValue } from './run/raw-query.js'

export type {
  BatchPromise,
  ExplainOptions,
  Given,
  JoinExplanation,
  Origins,
  Page,
  PageRequest,
  PrintedStatement,
  RunOptions,
  StreamOptions,
} from './query/engine.js'
export type { Condition, Expr, Operand, Order, Subquery } from './query/expr.js'
export { type Binding, type Param, param } from './query/param.js'
export { CompoundQuery, except, intersect, union, unionAll } from './query/compound.js'
export { type Filterable, Query } from './query/query.js'
export type { Runnable } from './query/runnable.js'
export { type Nested, nest, type Out, type Selectable, type Selection } from './query/shape.js'
export { tables } from './query/tables.js'
export type {
  Column,
  DerivedHandle,
  DerivedKind,
  Handle,
  HandleOf,
  Kind,
  Many,
  Root,
  Roots,
  RowOf,
  Scope,
} from './query/types.js'

export {
  absent,
  alias,
  type FirstOptions,
  first,
  inner,
  left,
  type On,
  on,
  present,
  relate,
  required,
  some,
} from './query/join.js'
export { and, not, or } from './query/logic.js'
export { avg, count, every, exists, type ListOptions, list, max, min, none, scalar, sum } from './query/subquery.js'

export {
  type AggregateExpr,
  arrayAgg,
  boolAnd,
  boolOr,
  cumeDist,
  denseRank,
  firstValue,
  jsonAgg,
  lag,
  lastValue,
  lead,
  mode,
  ntile,
  percentileCont,
  percentRank,
  rank,
  rowNumber,
  stringAgg,
  type Window,
  type WindowFunction,
} from './query/aggregate.js'
export { sql } from './query/fragment.js'
export {
  abs,
  array,
  type Case,
  cardinality,
  cast,
  ceil,
  coalesce,
  concat,
  dateTrunc,
  extract,
  floor,
  fn,
  greatest,
  least,
  length,
  lower,
  nothing,
  now,
  nullif,
  replace,
  round,
  startsWith,
  substring,
  trim,
  upper,
  value,
  when,
} from './query/functions.js'
export {
  type CteOptions,
  cte,
  derived,
  generateSeries,
  recursive,
  tableFunction,
  unnest,
  values,
} from './query/source.js'

export {
  arrayOf,
  bool,
  bytea,
  date,
  float4,
  float8,
  int2,
  int4,
  int53,
  int8,
  interval,
  json,
  jsonb,
  numeric,
  text,
  time,
  timestamp,
  timestamptz,
  uint4,
  uint8,
  uuid,
  varchar,
} from './schema/base-types.js'
export type { Catalog, DataType, Names } from './schema/model.js'
export type { Overrides } from './schema/overrides.js'
export { parseSnapshot } from './schema/snapshot.js'
export type { BoundedRange, EmptyRange, Json, Range } from './schema/values.js'
