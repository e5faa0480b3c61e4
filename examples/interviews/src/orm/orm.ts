/**
 * What the example asks of the ORM it runs on.
 *
 * @module
 */
import type { TableName } from '../rows.js'

/** The ORMs the example runs on. */
export const ormNames = ['prisma', 'typeorm'] as const
export type OrmName = (typeof ormNames)[number]

/** An ORM connected to the interviews. */
export interface Orm {
  readonly name: OrmName
  count(table: TableName): Promise<number>
  close(): Promise<void>
}
