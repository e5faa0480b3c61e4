/**
 * Transactions on postgres.js: its callback is parked, its savepoints too, for it keeps an account of what failed in each.
 *
 * @module
 */
import { isFunction } from '../../hosts/shape.js'
import { standing } from '../../run/ambient.js'
import { nextTurn } from '../../run/clock.js'
import { notBegun, unsent } from '../failure.js'
import type { Link, Opening, Transactor } from '../transactor.js'
import { type Parked, parked } from './parked.js'
import { cancelling, probing } from './postgres.js'
import { type Account, accountOf, type Sql } from './postgres-js/account.js'
import { alive, type Flow, flowOf } from './postgres-js/flow.js'
import { tagOver } from './postgres-js/tag.js'
import { beginPostgres } from './sql.js'

export function postgresJsTransactor(root: object): Transactor<object> | undefined {
  if (!isFunction(root) || !('begin' in root) || !('unsafe' in root) || !('options' in root)) return undefined
  const sql = root as unknown as Sql
  return Object.freeze({
    name: 'postgres-js',
    root,
    orm: root,
    dialect: 'postgres',
    connections: sql.options.max,
    open: (opening: Opening) => open(sql, opening),
  })
}

function open(sql: Sql, opening: Opening): Promise<Link<object>> {
  const text = beginPostgres(opening)
  return parked<Sql>(callback => sql.begin(text.slice('BEGIN'.length).trim().toLowerCase(), callback)).then(
    transaction => {
      const link = outermost(transaction, flowOf(sql.CLOSE, transaction.ended))
      return opening.stoppable ? cancellable(sql, transaction, link) : link
    },
    error => {
      throw notBegun(error, text)
    },
  )
}

async function cancellable(sql: Sql, { handed }: Parked<Sql>, link: Link<object>): Promise<Link<object>> {
  const one = async (on: Sql, read: string): Promise<unknown> => (await on.unsafe(read))[0]?.it
  try {
    const cancel = await cancelling(
      read => one(handed, read),
      read => one(sql, read),
    )
    return Object.freeze({ ...link, cancel })
  } catch (error) {
    await link.rollback().catch(nothing)
    throw error
  }
}

function outermost({ handed, commit, rollback }: Parked<Sql>, flow: Flow): Link<object> {
  /** A socket that has failed is closed by the next turn: a statement that came between would keep its successor from beginning. */
  const givenUp = async (): Promise<void> => {
    for (let turns = 0; turns < 2 && !flow.gone; turns++) await nextTurn()
    if (flow.gone) return
    flow.ending = true
    await rollback()
  }
  const committed = (): Promise<unknown> => {
    flow.ending = true
    return commit()
  }
  return linkOf(accountOf(handed, flow), {
    commit: () => (flow.lost === undefined && flow.copied === undefined ? committed() : later()),
    async rollback() {
      if (flow.lost === undefined) await flow.copied
      // the server has rolled back by itself
      if (flow.lost !== undefined) return givenUp().catch(nothing)
      flow.ending = true
      await rollback()
    },
  })

  async function later(): Promise<unknown> {
    if (flow.lost === undefined) await flow.copied
    if (flow.lost === undefined) return committed()
    await givenUp().catch(nothing)
    throw unsent(flow.lost.cause)
  }
}

async function nested({ sql: outer, flow }: Account): Promise<Link<object>> {
  const { handed, commit, rollback } = await alive(flow, () => parked<Sql>(callback => outer.savepoint(callback)))
  return linkOf(accountOf(handed, flow), {
    async commit() {
      await flow.copied
      await alive(flow, commit)
    },
    async rollback() {
      await flow.copied
      if (flow.lost === undefined) await alive(flow, rollback)
    },
  })
}

function linkOf(account: Account, { commit, rollback }: Pick<Link<object>, 'commit' | 'rollback'>): Link<object> {
  const { sql, flow } = account
  const execute = async (text: string): Promise<void> => {
    await flow.copied
    await sql.unsafe(text)
  }
  const probe = probing(execute)
  return Object.freeze({
    target: sql,
    view: passage => {
      // a proxy takes the mark of its target
      Object.assign(sql, { [standing]: passage })
      return tagOver(account, passage)
    },
    execute,
    // what is lost is told by the commit
    aborted: async () => flow.lost === undefined && (account.failed || (await probe())) && flow.lost === undefined,
    hasOwn: () => flow.own?.isOpen() === true,
    nest: () => nested(account),
    commit,
    rollback,
  } satisfies Link<object>)
}

function nothing(): void {}
