/**
 * Transactions on Sequelize.
 *
 * @module
 */
import { PillionError } from '../../errors.js'
import { cancelRequest } from '../../hosts/postgres/cancel.js'
import { pgClient } from '../../hosts/postgres/client.js'
import { failureOf, noConnection } from '../../run/failure.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import { guarded } from './pg.js'
import { probing } from './postgres.js'

/** An instance from the inside. */
interface Sequelize {
  readonly config: { readonly pool?: { readonly max?: number } }
  getDialect(): string
  transaction(options: object): Promise<Transaction>
  query(sql: string, options: { readonly transaction: Transaction }): Promise<unknown>
}

interface Transaction {
  readonly connection: object
  readonly finished?: string
  commit(): Promise<void>
  rollback(): Promise<void>
}

export function sequelizeTransactor(root: object): Transactor<object> | undefined {
  if (!('getDialect' in root) || !('connectionManager' in root)) return undefined
  const sequelize = root as unknown as Sequelize
  const dialect = sequelize.getDialect()
  if (dialect !== 'postgres') {
    throw new PillionError('HOST_SHAPE', `Sequelize is on ${dialect}.`, {
      hint: 'Sequelize 6 on postgres is expected.',
    })
  }
  return Object.freeze({
    name: 'sequelize',
    root,
    orm: root,
    dialect,
    // Sequelize's own default
    connections: sequelize.config.pool?.max ?? 5,
    open: (opening: Opening) => open(sequelize, opening),
  })
}

async function open(sequelize: Sequelize, { isolation, readOnly, deferrable }: Opening): Promise<Link<object>> {
  const transaction = await sequelize
    .transaction(isolation === undefined ? {} : { isolationLevel: isolation.toUpperCase() })
    .catch(error => {
      const { name } = error as Error
      throw name.startsWith('SequelizeConnection')
        ? noConnection(error)
        : failureOf(error, { text: 'BEGIN', values: [] })
    })
  const execute = async (sql: string): Promise<void> => void (await sequelize.query(sql, { transaction }))
  const connection = pgClient(transaction.connection)
  const words = [readOnly && 'READ ONLY', deferrable && 'DEFERRABLE'].filter(Boolean).join(', ')
  try {
    if (words !== '') await execute(`SET TRANSACTION ${words}`)
  } catch (error) {
    await transaction.rollback().catch(() => {})
    throw error
  }
  return Object.freeze({
    target: transaction,
    // Sequelize takes the connection from the transaction that a statement is given
    view: passage =>
      Object.create(transaction, {
        connection: { value: guarded(connection, passage) },
        // whether it may still be used, the passage says
        finished: { value: undefined },
      }) as object,
    execute,
    commit: () => transaction.commit(),
    rollback: () => transaction.rollback(),
    aborted: probing(execute),
    cancel: () => cancelRequest(connection),
  } satisfies Link<object>)
}
