/** A cast to text had the collation of the connection on MySQL and MariaDB, which they do not mix with another one of a column. */
import { cast, type Expr, greatest, list, lower, nothing, nullif, text, unionAll } from 'pillion'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeOnMysql } from '../../hosts/mysql-observer.js'
import { type Opened, openedOnMysql } from '../opened-on-mysql.js'

const statements = `
  create table word (id int primary key, said varchar(20) not null, day date, share float) collate utf8mb4_general_ci;
  insert into word values (1, '1', '2026-01-02', 0.1), (2, '2026-01-02', '2026-01-02', 2), (3, 'no', null, null);
  create table line (id int primary key, word_id int not null, said varchar(20), day date, foreign key (word_id) references word (id));
  insert into line values (1, 2, 'yes', '2026-01-03'), (2, 2, 'so', null)`

// oxlint-disable-next-line typescript/no-explicit-any
type Any = any

describeOnMysql(({ create }) => {
  let opened: Opened
  beforeAll(async () => {
    opened = await openedOnMysql(create, statements)
  })
  afterAll(() => opened?.close())

  it('compare with columns', async () => {
    const { word } = opened.db.tables
    const ids = opened.db.from(word).select({ id: word.id }).orderBy(word.id.asc())
    expect(await ids.where(word.said.eq(cast(word.id, text))).all()).toEqual([{ id: 1 }])
    expect(await ids.where(word.said.like(cast(word.day, text))).all()).toEqual([{ id: 2 }])
    expect(await ids.where(lower(word.said).ne(lower(cast(word.share, text)))).all()).toEqual([{ id: 1 }, { id: 2 }])
    expect(await ids.where(word.said.eq(cast(word.said, text))).count()).toBe(3)
    const numbers = opened.db.from(word).select({ text: cast(word.id, text) })
    expect(await ids.where(word.said.in(numbers)).all()).toEqual([{ id: 1 }])
    const said: Expr<string> = word.said
    const number: Expr<string | null> = cast<string>(word.id as Expr<number>, text)
    const either = ids.select({ other: nullif(said, number), last: greatest(said, number) })
    expect(await either.all()).toEqual([
      { other: null, last: '1' },
      { other: '2026-01-02', last: '2026-01-02' },
      { other: 'no', last: 'no' },
    ])
  })

  it('stand above and below columns, and NULL does', async () => {
    const { word } = opened.db.tables
    const said: Expr<string | null> = word.said
    const words = opened.db
      .from(word)
      .where(word.id.gt(1))
      .select({ a: said, b: nothing(text) })
    const numbers = opened.db
      .from(word)
      .where(word.id.gt(2))
      .select({ a: cast<string>(word.id, text), b: said })
    expect(await unionAll(words, numbers).orderBy('a').all()).toEqual([
      { a: '2026-01-02', b: null },
      { a: '3', b: 'no' },
      { a: 'no', b: null },
    ])
    expect(await unionAll(numbers, words).count()).toBe(3)
  })

  it('stand in lists, and the lists above one another', async () => {
    const { word } = opened.db.tables
    const lists = opened.db.from(word).select({
      id: word.id,
      lines: list(word.lines, (line: Any) => ({ said: line.said, day: line.day }), {
        orderBy: (line: Any) => line.id.asc(),
      }),
    })
    const query = unionAll(lists.where(word.id.eq(2)), lists.where(word.id.eq(3)))
    expect(await query.orderBy('id').all()).toEqual([
      {
        id: 2,
        lines: [
          { said: 'yes', day: '2026-01-03' },
          { said: 'so', day: null },
        ],
      },
      { id: 3, lines: [] },
    ])
  })
})
