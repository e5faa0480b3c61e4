/**
 * The one place that may begin, commit and roll back: what each host gives, kept apart from the query layer's `Host`, which
 * has none of these.
 *
 * @module
 */
import type { Passage } from '../run/ambient.js'
import { counting } from '../run/once.js'
import type { Characteristics, Said } from './options.js'

/** How the databases differ here. */
export type Dialect = 'postgres' | 'mysql' | 'sqlite'

/** One host's way to open transactions. */
export interface Transactor<Orm> {
  /** `pg`, `prisma`, … */
  readonly name: string
  /** The object that `Host.root` is of a host over the same: whoever shares it shares what is current. */
  readonly root: object
  /** What stands for the host outside of a transaction. */
  readonly orm: Orm
  readonly dialect: Dialect
  /** How many connections there are at most; `undefined` where the host does not tell. */
  readonly connections: number | undefined
  /**
   * Takes a connection of the host's and begins a transaction on it. Where that fails, nothing is kept.
   *
   * @throws PillionError `CONNECTION_UNAVAILABLE`, `STATEMENT_FAILED`, `CONNECTION_LOST`
   */
  open(opening: Opening, coming: Coming<Orm>, taking: Taking): Promise<Link<Orm>>
}

/** Is told of the link while BEGIN is under way, where a host can tell so early: what belongs to it is made meanwhile. */
export type Coming<Orm> = (link: Link<Orm>) => void

/** Is told of the connection before BEGIN is answered on it, where a host has that so early, and no link yet. */
export type Taking = (connection: Droppable) => void

/** What there may be to drop. */
export type Droppable = Pick<Link<unknown>, 'drop'>

/** What a transaction is opened with. */
export interface Opening extends Said<Characteristics> {
  /** Milliseconds after which nobody waits for it any more. */
  readonly patience: number
  /** Its statement may have to be stopped: it has a timeout, or a signal. */
  readonly stoppable: boolean
}

/** Leaves something to do when the outermost has been committed, if this one was: what fails then is a hook's failure. */
export type Later = (hook: () => unknown) => void

/** An open transaction, or a savepoint in one, on a connection that is its own until it ends. */
export interface Link<Orm> {
  /** What the query layer's host takes as its target. */
  readonly target: unknown
  /** The host's own object for the transaction; each statement sent by it enters by the passage, and its hooks are left to `later`. */
  view(passage: Passage, later: Later): Orm
  /** One statement of ours, past every passage: SAVEPOINT and the like. */
  execute(sql: string): Promise<unknown>
  /** What the host has put off until the commit is sent now: called before it, while statements may still enter. */
  flush?(orm: Orm): Promise<unknown>
  /** The host's own subscribers, of the outermost alone, if there are any by then: asked before COMMIT, and when it has come through. */
  subscribed?(): Subscribed | undefined
  /**
   * Ends it, and gives the connection back however that ends.
   *
   * @throws PillionError `CONNECTION_LOST` where the connection had ended before COMMIT was sent; what else it fails with, COMMIT did
   */
  commit(): Promise<unknown>
  /** Ends it, and gives the connection back however that ends. */
  rollback(): Promise<void>
  /**
   * Has a failed statement spoiled it, so that the server would answer COMMIT by rolling back? Asked only where one is known
   * to have failed.
   */
  aborted(): Promise<boolean>
  /**
   * Has a statement ended the transaction in the server? What came next would be outside of it. Asked when one is over; `failure`
   * is undefined where it came through.
   */
  readonly endedBy?: (failure: unknown) => boolean
  /** Is a transaction of the host's own open inside? Committed now, it would be half done. Absent where the host has none. */
  readonly hasOwn?: () => boolean
  /** A savepoint in it by the host's own means; absent where a statement will do. */
  nest?(): Promise<Link<Orm>>
  /**
   * Has the server stop the statement under way. Absent where the host knows no way. Where that takes a connection of the pool's it
   * may come late, when somebody else's statement is on this one: so it is asked `isWanted` just before.
   */
  readonly cancel?: ((isWanted: () => boolean) => Promise<void>) | undefined
  /**
   * Drops the connection, whatever is under way on it: asked of a server that answers neither what is to be stopped nor ROLLBACK. When it
   * hears that the connection is gone it rolls back. Absent where the host hands out none.
   */
  readonly drop?: (() => void) | undefined
}

/** What the host's own subscribers do about a commit. */
export interface Subscribed {
  /** Once, as the current transaction, while statements may still enter. Where it fails, that is rolled back. */
  beforeCommit(): Promise<unknown>
  /** When COMMIT has come through: the connection is back by then. Where it fails, that is a hook's failure. */
  afterCommit(): Promise<unknown>
}

/** Savepoints are numbered through, so that no name is ever used twice on a connection. */
const nextSavepoint = counting('savepoints.1')

/** A savepoint, as a link of its own. */
export function savepoint<Orm>(link: Link<Orm>): Promise<Link<Orm>> {
  return link.nest === undefined ? savepointBySql(link) : link.nest()
}

/** A savepoint by a statement, whatever means the host has of its own. */
export async function savepointBySql<Orm>(link: Link<Orm>): Promise<Link<Orm>> {
  const name = `pillion_${nextSavepoint()}`
  await link.execute(`SAVEPOINT ${name}`)
  const release = async (): Promise<void> => void (await link.execute(`RELEASE SAVEPOINT ${name}`))
  return Object.freeze({
    ...link,
    commit: release,
    rollback: async () => {
      await link.execute(`ROLLBACK TO SAVEPOINT ${name}`)
      await release()
    },
  })
}
