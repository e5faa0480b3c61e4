import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type ErrorCode, PillionError } from '../../errors.js'
import { alias } from '../../query/join.js'
import { describeOrigin, originOf } from '../../query/origin.js'
import { param } from '../../query/param.js'
import { tables } from '../../query/tables.js'
import type { DerivedHandle } from '../../query/types.js'
import { type Database, pillion } from '../../run/database.js'
import type { Catalog, Table } from '../../schema/model.js'
import { rested, rolledBack, type Scene, type Stage } from '../stage.js'

type Note = DerivedHandle<{ id: number; body: string }>

interface Tables {
  readonly note: Note
  readonly tally: DerivedHandle<{ owner: number; n: number }>
}

/** What the tables were when a query was written: one more, and with a column more. */
interface OldTables {
  readonly gone: Note
  readonly note: DerivedHandle<{ id: number; body: string; gone: string }>
}

/** What a query is made of, and how it is run. */
interface Desk {
  readonly db: Database<Tables>
  readonly note: Note
  readonly tally: Tables['tally']
  readonly old: OldTables
  /** Of a page of notes by body. */
  readonly cursor: string
  readonly run: 'all' | 'allSync'
  readonly page: 'page' | 'pageSync'
  /** The same, from the line that the error has to name. */
  at<T>(value: T): T
}

interface Mistake {
  readonly name: string
  readonly code: ErrorCode
  /** Makes it and runs it, all on one line. */
  make(desk: Desk): unknown
}

/** Bound to each query, and to be found in no error. */
const secret = 'correct horse'
const id = param<number>('id')
const wrongId = id.is(secret as never)

const mistakes: readonly Mistake[] = [
  {
    name: 'a parameter without a value',
    code: 'PARAM_UNBOUND',
    make: ({ at, db, note, run }) => at(db).from(note).where(note.body.eq(secret), note.id.eq(id))[run](),
  },
  {
    name: 'a value of another type than its column',
    code: 'VALUE_TYPE',
    make: ({ at, note }) => at(note.id).eq(secret as never),
  },
  {
    name: 'a value of another type for a parameter',
    code: 'VALUE_TYPE',
    make: ({ at, db, note, run }) => at(db).from(note).where(note.id.eq(id))[run](wrongId),
  },
  {
    name: 'limit(-1)',
    code: 'QUERY_INVALID',
    make: ({ at, db, note, run }) => at(db).from(note).where(note.body.eq(secret)).limit(-1)[run](),
  },
  {
    name: 'a column of a root that is in no query',
    code: 'HANDLE_UNOWNED',
    make: ({ at, db, note, tally, run }) => at(db).from(note).where(note.body.eq(secret), tally.n.eq(1))[run](),
  },
  {
    name: 'raw SQL that writes',
    code: 'SQL_NOT_SELECT',
    make: ({ at, db, run }) => at(db).sql`insert into note (body) values (${secret})`[run](),
  },
  {
    name: 'raw SQL with a second statement',
    code: 'SQL_NOT_SELECT',
    make: ({ at, db, run }) => at(db).sql`select ${secret}; delete from note`[run](),
  },
  {
    name: 'raw SQL that ends a transaction',
    code: 'SQL_NOT_SELECT',
    make: ({ at, db, run }) => at(db).sql`commit`[run](),
  },
  {
    name: 'a cursor from another order',
    code: 'CURSOR_INVALID',
    make: ({ at, db, note, cursor, page }) =>
      at(db).from(note).orderBy(note.body.desc())[page]({ size: 1, after: cursor }),
  },
  {
    name: 'a damaged cursor',
    code: 'CURSOR_INVALID',
    make: ({ at, db, note, page }) => at(db).from(note).orderBy(note.id.asc())[page]({ size: 1, after: secret }),
  },
  {
    name: 'an alias of 70 bytes',
    code: 'QUERY_INVALID',
    make: ({ at, note }) => alias(at(note), secret.padEnd(70, 'n')),
  },
  {
    name: 'a table that is not there',
    code: 'TABLE_MISSING',
    make: ({ at, db, old, run }) => at(db).from(old.gone).where(old.gone.body.eq(secret))[run](),
  },
  {
    name: 'a column that is not there',
    code: 'COLUMN_MISSING',
    make: ({ at, db, old, run }) => at(db).from(old.note).where(old.note.gone.eq(secret))[run](),
  },
]

/** A check that finds nothing wrong with these would be none. */
const notRefused: readonly (Mistake & { readonly found: RegExp })[] = [
  {
    name: 'what is right',
    code: 'VALUE_TYPE',
    found: /was not refused/,
    make: ({ at, db, note, run }) => at(db).from(note)[run](),
  },
  {
    name: 'what is refused when it is done',
    code: 'VALUE_TYPE',
    found: /was sent/,
    async make({ at, db, note }) {
      await db.from(note).all()
      return at(db)
        .from(note)
        .where(note.id.eq('' as never))
    },
  },
  {
    name: 'what is refused from elsewhere',
    code: 'VALUE_TYPE',
    found: /another line/,
    make({ at, db, note }) {
      at(db)
      return note.id.eq('' as never)
    },
  },
  {
    name: 'what is refused by another code',
    code: 'NO_ROW',
    found: /NO_ROW/,
    make: ({ at, db, note }) => at(db).from(note).limit(-1),
  },
  {
    name: 'what is refused with its values',
    code: 'VALUE_TYPE',
    found: /gives a value away/,
    make({ at }) {
      throw new PillionError('VALUE_TYPE', at(secret), { hint: 'Give another.' })
    },
  },
]

/** The code, a hint, the line of the query, no value that was given, and nothing sent. */
async function refused({ mount }: Stage, desk: Omit<Desk, 'at'>, { code, make }: Mistake): Promise<void> {
  let line: string | undefined
  const at = <T>(value: T): T => {
    line = lineOf(describeOrigin(originOf(at)))
    return value
  }
  const counters = mount.pool?.()
  const sent = mount.wire?.bytes
  const error = await (async () => make({ ...desk, at }))().then(
    () => assert.fail('It was not refused.'),
    failure => failure,
  )
  assert.equal(mount.wire?.bytes, sent, 'Something was sent.')
  assert.equal(error.code, code, `expected ${code}: ${error.stack}`)
  assert.match(error.hint ?? '', /\w/, 'It gives no hint.')
  assert.equal(lineOf(error.origin), line, 'It names another line.')
  const shown = [error.message, error.stack, JSON.stringify(error), inspect(error, { depth: null, showHidden: true })]
  for (const value of [secret, desk.cursor]) {
    assert.ok(!shown.join('\n').includes(value), `It gives a value away: ${error.stack}`)
  }
  assert.deepEqual(mount.pool?.(), counters, 'The pool is not as it was.')
}

/** `/app/list.ts:12` of `applySearch (/app/list.ts:12:8)`. */
function lineOf(origin: string | undefined): string | undefined {
  return /([^ (]+:\d+):\d+\)?$/.exec(origin ?? '')?.[1]
}

/** Outside and inside of a transaction, at once where the host can, with and without the places of clauses kept. */
async function everywhere(stage: Stage, check: (desk: Omit<Desk, 'at'>) => Promise<void>): Promise<void> {
  const { mount } = stage
  const { catalog, tables: found } = await pillion<Tables>(mount.host)
  const { note, tally } = found
  const old = tables<OldTables>(before(catalog))
  const ways = [
    { run: 'all', page: 'page' },
    ...('runSync' in mount.host && mount.host.runSync !== undefined ? [{ run: 'allSync', page: 'pageSync' }] : []),
  ] as readonly Pick<Desk, 'run' | 'page'>[]
  for (const origins of ['none', 'clause'] as const) {
    const outside = await pillion<Tables>(mount.host, { catalog, origins })
    let cursor = ''
    await rolledBack(mount, async ({ target, execute }) => {
      const db = outside.on(target)
      for (const n of [1, 2]) await execute(`insert into note (body) values ('${secret} ${n}')`)
      const { next } = await db.from(note).orderBy(note.body.asc()).page({ size: 1 })
      cursor = next ?? assert.fail('There is no second page.')
      for (const way of ways) await check({ db, note, tally, old, cursor, ...way })
      assert.equal(await db.from(note).count(), 2)
      await execute('select 1')
    })
    for (const way of ways) await check({ db: outside, note, tally, old, cursor, ...way })
    assert.equal(await outside.from(note).count(), 0)
    rested(stage)
  }
}

/** The catalogue with what has gone since. */
function before(catalog: Catalog): Catalog {
  const note = catalog.tables.find(each => each.name === 'note') ?? assert.fail('There is no table of notes.')
  const body = note.columns.find(each => each.name === 'body') ?? assert.fail('Notes have no body.')
  const gone: Table = { ...note, name: 'gone', key: 'gone', id: note.id.replace(/note$/, 'gone') }
  const wider: Table = { ...note, columns: [...note.columns, { ...body, name: 'gone', key: 'gone' }] }
  return { ...catalog, tables: [gone, wider] }
}

export const badInput: readonly Scene[] = [
  ...mistakes.map(
    (mistake): Scene => ({
      name: `${mistake.name} is refused where it stands, and the host is as it was`,
      needs: ['bad input', 'transaction'],
      play: stage => everywhere(stage, desk => refused(stage, desk, mistake)),
    }),
  ),
  {
    name: 'control: what is refused badly is found out',
    needs: ['bad input', 'wire', 'transaction'],
    play: stage =>
      everywhere(stage, async desk => {
        for (const mistake of notRefused) {
          await assert.rejects(refused(stage, desk, mistake), mistake.found, mistake.name)
        }
      }),
  },
]
