/** PGlite, on a database of its own. @module */
import { PGlite, type Results } from '@electric-sql/pglite'
import { pgliteHost } from 'pillion/pglite'
import { day, type Open } from '../rider.js'
import { setUp } from '../table.js'

export const open: Open = async () => {
  const pglite = await PGlite.create()
  for (const statement of setUp.postgres) await pglite.exec(statement)
  return {
    host: pgliteHost(pglite),
    root: ({ numbered, values }) => pglite.query(numbered, [...values]),
    transaction: work => pglite.transaction(tx => work(tx, ({ numbered, values }) => tx.query(numbered, [...values]))),
    rows: (result: Results<object>) => result.rows,
    lacking: { whole: BigInt, day },
    close: () => pglite.close(),
  }
}
