/**
 * Transactions that may finish in any order: `pillion/transaction`.
 *
 * @module
 */
export type { TransactionalMethod, TransactionalDecorator } from './decorator.js'
export type { Mode } from './mode.js'
export { modes } from './mode.js'
export type { Characteristics, Isolation, TransactionDefaults, TransactionOptions } from './options.js'
export type { ActiveTransaction, TransactionEvent, Waiting } from './report.js'
export { transactionChannel } from './report.js'
export type { BeginOptions, Handle, Transaction, Transactions } from './transaction.js'
export { transactions } from './transactions.js'
export type { OrmOf } from './hosts/recognise.js'
