/**
 * Transactions on PGlite: one connection, whose callback is parked.
 *
 * @module
 */
import { isFunction } from '../../hosts/shape.js'
import { type Passage, passing } from '../../run/ambient.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import { endsNothing } from './ends.js'
import { refuseEnding } from './ending-text.js'
import { parked } from './parked.js'
import { probing } from './postgres.js'
import { setPostgres } from './sql.js'

/** The database, or a transaction of it. */
interface PGlite {
  query(...args: unknown[]): Promise<unknown>
  exec(sql: string): Promise<unknown>
  transaction(work: (tx: PGlite) => Promise<void>): Promise<unknown>
}

export function pgliteTransactor(root: object): Transactor<object> | undefined {
  if (!('transaction' in root) || !('exec' in root) || !('dumpDataDir' in root)) return undefined
  const pglite = root as unknown as PGlite
  return Object.freeze({
    name: 'pglite',
    root,
    orm: root,
    dialect: 'postgres',
    connections: 1,
    open: (opening: Opening) => open(pglite, opening),
  })
}

async function open(pglite: PGlite, opening: Opening): Promise<Link<object>> {
  const { handed: tx, commit, rollback } = await parked<PGlite>(callback => pglite.transaction(callback))
  const execute = async (sql: string): Promise<void> => void (await tx.exec(sql))
  const characteristics = setPostgres(opening)
  if (characteristics !== '') {
    try {
      await execute(characteristics)
    } catch (error) {
      await rollback().catch(() => {})
      throw error
    }
  }
  return Object.freeze({
    target: tx,
    view: passage => viewOf(tx, passage),
    execute,
    commit,
    rollback,
    aborted: probing(execute),
  } satisfies Link<object>)
}

const statements = new Set<PropertyKey>(['query', 'exec', 'sql', 'listen'])

function viewOf(tx: PGlite, passage: Passage): object {
  return new Proxy(tx, {
    get(target, key) {
      if (key === 'rollback') return endsNothing(key)
      const value: unknown = Reflect.get(target, key)
      if (!isFunction(value)) return value
      if (!statements.has(key)) return value.bind(target as never)
      return (...args: unknown[]): unknown =>
        passing(passage, () => {
          refuseEnding(args[0], 'postgres')
          return Reflect.apply(value, target, args) as Promise<unknown>
        })
    },
  })
}
