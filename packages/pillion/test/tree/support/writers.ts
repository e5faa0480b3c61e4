/**
 * Writers of a tree, who go on until they are told to stop: they insert leaves, move nodes, delete subtrees.
 *
 * @module
 */
import { setImmediate as turn } from 'node:timers/promises'
import { withRetry } from '../../../src/retry/with-retry.js'
import type { Engine, TestSession } from './engines.js'
import type { Planted } from './planted.js'

/** Of a random node that there is. */
async function pick(session: TestSession): Promise<string> {
  const chance = session.dialect === 'mariadb' ? 'rand()' : 'random()'
  return (await session.run(`select id from node order by ${chance} limit 1`))[0]?.[0] ?? '0'
}

async function write(session: TestSession, id: number): Promise<void> {
  const [a, b] = [await pick(session), await pick(session)]
  const dice = Math.random()
  const sql =
    dice < 0.5
      ? `insert into node (id, parent_id) values (${id}, ${a})`
      : dice < 0.9
        ? `update node set parent_id = ${b} where id = ${a}`
        : `delete from node where id = ${a} and parent_id is not null`
  await withRetry(() => session.run(sql), { attempts: 1_000, baseDelay: 1 }).catch(error => {
    if (!/below itself|foreign key|FOREIGN KEY|missing|children/.test(String(error))) throw error
  })
}

/** Lets four write while `work` is done; how many statements they had done when it was. */
export async function whileWritten(
  { ground }: Planted,
  { dialect }: Engine,
  work: (session: TestSession) => Promise<void>,
): Promise<number> {
  const sessions = await Promise.all(Array.from({ length: 5 }, () => ground.session()))
  const [own, ...writers] = sessions as [TestSession, ...TestSession[]]
  // who deadlocks learns of it at once
  if (dialect === 'postgres') for (const each of sessions) await each.run(`set deadlock_timeout = '20ms'`)
  let written = 0
  let over = false
  const going = writers.map(async (session, writer) => {
    while (!over) {
      await write(session, (writer + 1) * 1_000_000 + ++written)
      // SQLite answers at once, and would let nobody else have a turn
      await turn()
    }
  })
  try {
    // a writer that fails ends it, too
    await Promise.race([work(own), Promise.all(going)])
  } finally {
    over = true
    await Promise.allSettled(going)
    for (const session of sessions) await session.close()
  }
  await Promise.all(going)
  return written
}
