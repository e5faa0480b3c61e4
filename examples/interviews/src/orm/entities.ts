/**
 * The tables, as TypeORM creates them.
 *
 * @module
 */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import type { Words } from '../engine/engine.js'
import { type Rows, statuses, type TableName } from '../rows.js'

/** A row with the key that the database numbers. */
type Numbered<Row> = Row & { readonly id: number }

const id: EntitySchemaColumnOptions = { type: 'int', primary: true, generated: 'increment' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const key = (name: string, target: TableName): EntitySchemaColumnOptions => ({
  type: 'int',
  name,
  foreignKey: { target },
})

/** The tables, in the words of a database. */
export function entitiesIn(words: Words): readonly EntitySchema[] {
  const instant = (name: string): EntitySchemaColumnOptions => ({ ...words.instant, name })

  const team = new EntitySchema<Numbered<Rows['team']>>({
    name: 'team',
    columns: { id, name: { ...words.name, unique: true } },
  })

  const user = new EntitySchema<Numbered<Rows['user']>>({
    name: 'user',
    columns: {
      id,
      username: { ...words.name, unique: true },
      fullName: { ...text, name: 'full_name' },
      createdAt: instant('created_at'),
    },
  })

  const membership = new EntitySchema<Rows['membership']>({
    name: 'membership',
    columns: {
      teamId: { ...key('team_id', 'team'), primary: true },
      userId: { ...key('user_id', 'user'), primary: true },
    },
  })

  const department = new EntitySchema<Numbered<Rows['department']>>({
    name: 'department',
    columns: { id, name: text, parentId: { ...key('parent_id', 'department'), nullable: true } },
    indices: [{ columns: ['parentId'] }],
  })

  const position = new EntitySchema<Numbered<Rows['position']>>({
    name: 'position',
    columns: { id, title: text, teamId: key('team_id', 'team') },
  })

  const interview = new EntitySchema<Numbered<Rows['interview']>>({
    name: 'interview',
    columns: {
      id,
      title: text,
      candidate: text,
      status: words.labels(statuses, 'interview_status'),
      positionId: key('position_id', 'position'),
      departmentId: key('department_id', 'department'),
      leadId: { ...key('lead_id', 'user'), nullable: true },
      scheduledAt: { ...instant('scheduled_at'), nullable: true },
      createdAt: instant('created_at'),
    },
    indices: [{ columns: ['positionId'] }, { columns: ['departmentId'] }, { columns: ['leadId'] }],
  })

  const evaluation = new EntitySchema<Numbered<Rows['evaluation']>>({
    name: 'evaluation',
    columns: {
      id,
      interviewId: key('interview_id', 'interview'),
      userId: key('user_id', 'user'),
      rating: { type: 'int' },
      note: { ...text, nullable: true },
      createdAt: instant('created_at'),
    },
    uniques: [{ columns: ['interviewId', 'userId'] }],
    indices: [{ columns: ['userId'] }],
  })

  return [team, user, membership, department, position, interview, evaluation]
}
