/**
 * Queries as plain data: what the pillion query and the evaluator's answer are both made from.
 *
 * A handle is a *place*: a base and to-one relations from there. Base 0 is the root, base n the n-th join, and `it` the
 * handle that a callback was given.
 *
 * @module
 */
import { tableAt, relationOf, type TableName, type Type, type Value } from './small-world.js'

export type Base = number | 'it'

export interface Place {
  readonly base: Base
  readonly path: readonly string[]
}

export interface Ref {
  readonly at: Place
  readonly column: string
}

export type Comparison = 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'

/** A plain value beside a column, told by its type. */
export interface Literal {
  readonly literal: Value
  readonly type: Type
}

export type Test =
  | { readonly is: 'compare'; readonly left: Ref; readonly by: Comparison; readonly right: Ref | Literal }
  | { readonly is: 'null'; readonly of: Ref; readonly negated: boolean }
  | { readonly is: 'distinct'; readonly left: Ref; readonly right: Ref | Literal; readonly negated: boolean }
  | { readonly is: 'in'; readonly of: Ref; readonly values: readonly Literal[]; readonly negated: boolean }
  | { readonly is: 'present'; readonly at: Place; readonly negated: boolean }
  | { readonly is: 'and' | 'or'; readonly of: readonly Test[] }
  | { readonly is: 'not'; readonly of: Test }
  | {
      readonly is: 'exists' | 'none' | 'every'
      readonly at: Place
      readonly relation: string
      readonly where: Test
    }
  | {
      readonly is: 'counted'
      readonly at: Place
      readonly relation: string
      readonly where: Test | undefined
      readonly by: Comparison
      readonly number: number
    }

export interface Key {
  readonly of: Ref
  readonly descending: boolean
  readonly nulls: 'first' | 'last' | undefined
}

export interface JoinSketch {
  readonly kind: 'inner' | 'left' | 'semi' | 'first'
  readonly parent: Place
  readonly relation: string
  /** What its callback says: `it` is the joined handle. */
  readonly on: readonly Test[]
  /** Of `first` only. */
  readonly order: readonly Key[]
  /** Multiplies rows, and so is mentioned with `expand`. */
  readonly expanded: boolean
}

export type Field =
  | { readonly get: 'column'; readonly of: Ref }
  | { readonly get: 'nest'; readonly at: Place; readonly columns: readonly string[] }
  | { readonly get: 'row'; readonly at: Place }
  | { readonly get: 'test'; readonly of: Test }
  | {
      readonly get: 'list'
      readonly at: Place
      readonly relation: string
      readonly fields: readonly Field[]
      readonly where: Test | undefined
      /** A total order of the related rows. */
      readonly order: readonly Key[]
      readonly limit: number | undefined
    }
  | { readonly get: 'count'; readonly at: Place; readonly relation: string; readonly where: Test | undefined }
  | {
      readonly get: 'sum' | 'min' | 'max' | 'avg'
      readonly at: Place
      readonly relation: string
      readonly column: string
      readonly where: Test | undefined
    }

export interface Description {
  readonly root: TableName
  readonly joins: readonly JoinSketch[]
  readonly fields: readonly Field[]
  readonly where: readonly Test[]
  readonly require: readonly number[]
  readonly order: readonly Key[]
  readonly limit: number | undefined
  readonly offset: number | undefined
}

/** The table of each base, the root's first. */
export function tablesOf({ root, joins }: Pick<Description, 'root' | 'joins'>): readonly TableName[] {
  const tables: TableName[] = [root]
  for (const { parent, relation } of joins) {
    const from = tableAt(tables[parent.base as number] as TableName, parent.path)
    tables.push(relationOf(from, relation).to)
  }
  return tables
}

/** The join of a base. */
export function joinAt({ joins }: Pick<Description, 'joins'>, base: number): JoinSketch {
  return joins[base - 1] as JoinSketch
}

/** A base and those it hangs off, itself first, without the root. */
export function lineage(description: Pick<Description, 'joins'>, base: number): readonly number[] {
  return base === 0 ? [] : [base, ...lineage(description, joinAt(description, base).parent.base as number)]
}

/** Does a base live in an EXISTS? */
export function isSemi(description: Pick<Description, 'joins'>, base: number): boolean {
  return lineage(description, base).some(each => joinAt(description, each).kind === 'semi')
}

/** The bases that a test mentions. */
export function basesOfTest(test: Test): readonly number[] {
  switch (test.is) {
    case 'compare':
    case 'distinct':
      return [...basesOfRef(test.left), ...('literal' in test.right ? [] : basesOfRef(test.right))]
    case 'null':
    case 'in':
      return basesOfRef(test.of)
    case 'present':
      return basesOfPlace(test.at)
    case 'and':
    case 'or':
      return test.of.flatMap(basesOfTest)
    case 'not':
      return basesOfTest(test.of)
    case 'exists':
    case 'none':
    case 'every':
    case 'counted':
      return [...basesOfPlace(test.at), ...(test.where ? basesOfTest(test.where) : [])]
  }
}

/** The bases that a field mentions. */
export function basesOfField(field: Field): readonly number[] {
  switch (field.get) {
    case 'column':
      return basesOfRef(field.of)
    case 'nest':
    case 'row':
      return basesOfPlace(field.at)
    case 'test':
      return basesOfTest(field.of)
    case 'list':
      return [
        ...basesOfPlace(field.at),
        ...field.fields.flatMap(basesOfField),
        ...(field.where ? basesOfTest(field.where) : []),
        ...field.order.flatMap(key => basesOfRef(key.of)),
      ]
    default:
      return [...basesOfPlace(field.at), ...(field.where ? basesOfTest(field.where) : [])]
  }
}

export function basesOfRef({ at }: Ref): readonly number[] {
  return basesOfPlace(at)
}

function basesOfPlace({ base }: Place): readonly number[] {
  return base === 'it' ? [] : [base]
}
