/**
 * A row of each table as it is written. Keys that the database numbers are left out.
 *
 * @module
 */

export const statuses = ['draft', 'scheduled', 'done', 'cancelled'] as const
export type Status = (typeof statuses)[number]

export interface Rows {
  readonly team: { readonly name: string }
  readonly user: { readonly username: string; readonly fullName: string; readonly createdAt: Date }
  readonly membership: { readonly teamId: number; readonly userId: number }
  readonly department: { readonly name: string; readonly parentId: number | null }
  readonly position: { readonly title: string; readonly teamId: number }
  readonly interview: {
    readonly title: string
    readonly candidate: string
    readonly status: Status
    readonly positionId: number
    readonly departmentId: number
    readonly leadId: number | null
    readonly scheduledAt: Date | null
    readonly createdAt: Date
  }
  readonly evaluation: {
    readonly interviewId: number
    readonly userId: number
    readonly rating: number
    readonly note: string | null
    readonly createdAt: Date
  }
}

export type TableName = keyof Rows

/** Every table, those referred to before those that refer. */
export const tableNames = [
  'team',
  'user',
  'membership',
  'department',
  'position',
  'interview',
  'evaluation',
] as const satisfies readonly TableName[]
