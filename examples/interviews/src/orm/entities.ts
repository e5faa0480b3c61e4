/**
 * The tables, as TypeORM creates them.
 *
 * @module
 */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import { type Rows, statuses, type TableName } from '../rows.js'

/** A row with the key that the database numbers. */
type Numbered<Row> = Row & { readonly id: number }

const id: EntitySchemaColumnOptions = { type: 'int', primary: true, generated: 'increment' }
const text: EntitySchemaColumnOptions = { type: 'text' }
const instant = (name: string): EntitySchemaColumnOptions => ({ type: 'timestamptz', name })
const key = (name: string, target: TableName): EntitySchemaColumnOptions => ({
  type: 'int',
  name,
  foreignKey: { target },
})

const team = new EntitySchema<Numbered<Rows['team']>>({
  name: 'team',
  columns: { id, name: { ...text, unique: true } },
})

const user = new EntitySchema<Numbered<Rows['user']>>({
  name: 'user',
  columns: {
    id,
    username: { ...text, unique: true },
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
    status: { type: 'enum', enum: [...statuses], enumName: 'interview_status' },
    positionId: key('position_id', 'position'),
    leadId: { ...key('lead_id', 'user'), nullable: true },
    scheduledAt: { ...instant('scheduled_at'), nullable: true },
    createdAt: instant('created_at'),
  },
  indices: [{ columns: ['positionId'] }, { columns: ['leadId'] }],
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

export const entities = [team, user, membership, position, interview, evaluation]
