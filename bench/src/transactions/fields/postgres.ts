/** postgres.js. Its own way is `begin`, by a callback, and statements by tags: nobody writes BEGIN by hand there. @module */
import { transactions } from 'pillion/transaction'
import postgres from 'postgres'
import { type Open, pair, statements } from '../field.js'
import { knowing } from '../knowing.js'

export const open: Open = url => {
  const tag = postgres(url, { max: 1, onnotice: () => {} })
  const tx = transactions(tag)
  const templates = new Map(Object.values(statements).map(sql => [sql, Object.assign([sql], { raw: [sql] })]))
  const asked = (sql: string): TemplateStringsArray => templates.get(sql)!
  const [own, ours] = pair(
    'postgres.js',
    sql => tag.begin(t => t(asked(sql))),
    sql => tx.run(t => t.orm(asked(sql))),
  )
  return { contenders: [own, knowing(own), ours], close: () => tag.end() }
}
