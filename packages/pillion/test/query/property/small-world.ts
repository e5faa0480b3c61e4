/**
 * The tables of the interviews database as the evaluator knows them: told here once more by hand, so that nothing of
 * what is tested stands in what tests it.
 *
 * @module
 */

/** A value of a cell, in the form the evaluator compares: exact, and never a `Date`. */
export type Value = number | bigint | string | null

/** What decides how cells compare, and how they arrive. */
export type Type = 'int4' | 'int8' | 'text' | 'numeric' | 'timestamptz' | 'date' | 'status'

export interface ColumnSketch {
  readonly type: Type
  readonly nullable: boolean
}

export interface RelationSketch {
  readonly kind: 'one' | 'many'
  readonly to: TableName
  /** Of this table, and of the target (or of `through`). */
  readonly keys: readonly [own: string, other: string]
  /** A junction: its table, and its column with the target's. */
  readonly through?: { readonly table: TableName; readonly keys: readonly [own: string, other: string] }
}

export interface TableSketch {
  readonly key: readonly string[]
  readonly columns: Readonly<Record<string, ColumnSketch>>
  readonly relations: Readonly<Record<string, RelationSketch>>
}

export type TableName = 'department' | 'user' | 'interview' | 'evaluation' | 'comment' | 'tag' | 'interviewTag'

export type Row = Readonly<Record<string, Value>>
export type Tables = Readonly<Record<TableName, readonly Row[]>>

const sure = (type: Type): ColumnSketch => ({ type, nullable: false })
const maybe = (type: Type): ColumnSketch => ({ type, nullable: true })
const one = (to: TableName, own: string): RelationSketch => ({ kind: 'one', to, keys: [own, 'id'] })
const many = (to: TableName, other: string): RelationSketch => ({ kind: 'many', to, keys: ['id', other] })
const through = (to: TableName, table: TableName, own: string, other: string): RelationSketch => ({
  kind: 'many',
  to,
  keys: ['id', own],
  through: { table, keys: [other, 'id'] },
})

export const world: Readonly<Record<TableName, TableSketch>> = {
  department: {
    key: ['id'],
    columns: { id: sure('int4'), name: sure('text'), parentId: maybe('int4') },
    relations: {
      parent: one('department', 'parentId'),
      departments: many('department', 'parentId'),
      users: many('user', 'departmentId'),
      interviews: many('interview', 'departmentId'),
    },
  },
  user: {
    key: ['id'],
    columns: { id: sure('int4'), username: sure('text'), email: maybe('text'), departmentId: maybe('int4') },
    relations: {
      department: one('department', 'departmentId'),
      evaluations: many('evaluation', 'userId'),
      comments: many('comment', 'authorId'),
      interviewsByOwner: many('interview', 'ownerId'),
      interviewsByLead: many('interview', 'leadId'),
      interviews: through('interview', 'evaluation', 'userId', 'interviewId'),
    },
  },
  interview: {
    key: ['id'],
    columns: {
      id: sure('int4'),
      title: sure('text'),
      status: sure('status'),
      ownerId: sure('int4'),
      leadId: maybe('int4'),
      departmentId: sure('int4'),
      budget: maybe('numeric'),
      createdAt: sure('timestamptz'),
      heldOn: maybe('date'),
    },
    relations: {
      owner: one('user', 'ownerId'),
      lead: one('user', 'leadId'),
      department: one('department', 'departmentId'),
      evaluations: many('evaluation', 'interviewId'),
      tags: through('tag', 'interviewTag', 'interviewId', 'tagId'),
      users: through('user', 'evaluation', 'interviewId', 'userId'),
    },
  },
  evaluation: {
    key: ['id'],
    columns: {
      id: sure('int8'),
      interviewId: sure('int4'),
      userId: sure('int4'),
      rating: maybe('int4'),
      note: maybe('text'),
      createdAt: sure('timestamptz'),
    },
    relations: {
      interview: one('interview', 'interviewId'),
      user: one('user', 'userId'),
      comments: many('comment', 'evaluationId'),
    },
  },
  comment: {
    key: ['id'],
    columns: { id: sure('int4'), evaluationId: sure('int8'), authorId: maybe('int4'), body: sure('text') },
    relations: { evaluation: one('evaluation', 'evaluationId'), author: one('user', 'authorId') },
  },
  tag: {
    key: ['id'],
    columns: { id: sure('int4'), label: sure('text') },
    relations: { interviews: through('interview', 'interviewTag', 'tagId', 'interviewId') },
  },
  interviewTag: {
    key: ['interviewId', 'tagId'],
    columns: { interviewId: sure('int4'), tagId: sure('int4') },
    relations: { interview: one('interview', 'interviewId'), tag: one('tag', 'tagId') },
  },
}

/** The column a name stands for. */
export function columnOf(table: TableName, column: string): ColumnSketch {
  return world[table].columns[column] as ColumnSketch
}

/** The relation a name stands for. */
export function relationOf(table: TableName, relation: string): RelationSketch {
  return world[table].relations[relation] as RelationSketch
}

/** Where a path of to-one relations ends. */
export function tableAt(table: TableName, path: readonly string[]): TableName {
  return path.reduce<TableName>((from, relation) => relationOf(from, relation).to, table)
}
