/**
 * What the example asks of the ORM it runs on.
 *
 * @module
 */
import type { Host } from 'pillion'
import type { Rows, TableName } from '../rows.js'

/** The ORMs the example runs on. */
export const ormNames = ['prisma', 'typeorm'] as const
export type OrmName = (typeof ormNames)[number]

/** An ORM connected to the interviews. It writes; pillion reads on its connections. */
export interface Orm {
  readonly name: OrmName
  readonly host: Host
  count(table: TableName): Promise<number>
  /** Work inside one transaction of the ORM's: committed when it resolves, rolled back when it rejects. */
  writes<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** A transaction the ORM has open. */
export interface Transaction {
  /** The ORM's own object for it, which `query.on(…)` takes. */
  readonly target: unknown
  createEvaluation(row: Rows['evaluation']): Promise<void>
  /** Puts a department, with all that is below it, below another, or below none. */
  moveDepartment(id: number, parentId: number | null): Promise<void>
}
