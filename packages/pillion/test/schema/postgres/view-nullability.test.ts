import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type Database, postgresServers } from '../../../../../test/support/postgres.js'
import { reflectPostgres } from '../../../src/schema/index.js'
import { randomView } from './random-view.js'
import { openSession, type Session } from './session.js'

/** A query over the tables below, and its columns that cannot be NULL. Result columns are named in the query. */
const cases: readonly (readonly [what: string, query: string, neverNull: readonly string[]])[] = [
  ['a plain column', 'SELECT id, note FROM a', ['id']],
  ['an inner join', 'SELECT a.id, b.id AS b_id FROM a JOIN b ON b.a_id = a.id', ['id', 'b_id']],
  ['the right of a left join', 'SELECT a.id, b.id AS b_id FROM a LEFT JOIN b ON b.a_id = a.id', ['id']],
  ['the left of a right join', 'SELECT a.id, b.id AS b_id FROM a RIGHT JOIN b ON b.a_id = a.id', ['b_id']],
  ['both sides of a full join', 'SELECT a.id, b.id AS b_id FROM a FULL JOIN b ON b.a_id = a.id', []],
  [
    'an inner join on the right of a left join',
    'SELECT a.id, b.id AS b_id, c.id AS c_id FROM a LEFT JOIN (b JOIN c ON c.id = b.id) ON b.a_id = a.id',
    ['id'],
  ],
  [
    'an inner join above a left join',
    'SELECT a.id, b.id AS b_id, c.id AS c_id FROM (a LEFT JOIN b ON b.a_id = a.id) JOIN c ON c.id = a.id',
    ['id', 'c_id'],
  ],
  [
    'a comma beside a left join',
    'SELECT c.id, a.id AS a_id, b.id AS b_id FROM c, a LEFT JOIN b USING (id)',
    ['id', 'a_id'],
  ],
  ['inner USING', 'SELECT id, b.id AS b_id FROM a JOIN b USING (id)', ['id', 'b_id']],
  ['left USING', 'SELECT id, b.id AS b_id FROM a LEFT JOIN b USING (id)', ['id']],
  ['right USING', 'SELECT id, a.id AS a_id FROM a RIGHT JOIN b USING (id)', ['id']],
  ['full USING: the merged column', 'SELECT id, a.id AS a_id, b.id AS b_id FROM a FULL JOIN b USING (id)', ['id']],
  ['full USING of nullable columns', 'SELECT note FROM a FULL JOIN c USING (note)', []],
  [
    'full USING of one nullable column',
    'SELECT x FROM (SELECT id AS x FROM a) p FULL JOIN (SELECT a_id AS x FROM b) q USING (x)',
    [],
  ],
  [
    'full USING below a left join',
    'SELECT c.id, j.id AS j_id FROM c LEFT JOIN (a FULL JOIN b USING (id)) j ON j.id = c.id',
    ['id'],
  ],
  ['full USING over full USING', 'SELECT a.id FROM a FULL JOIN b USING (id) FULL JOIN c USING (id)', []],
  ['a natural join', 'SELECT id, word FROM a NATURAL JOIN c', ['id', 'word']],
  ['an aliased join', 'SELECT j.id, j.word FROM (a LEFT JOIN c USING (id)) AS j', ['id']],
  ['a subquery', 'SELECT s.id, s.note FROM (SELECT id, note FROM a) s', ['id']],
  [
    'a subquery with a left join inside',
    'SELECT s.x FROM (SELECT b.id AS x FROM a LEFT JOIN b ON b.a_id = a.id) s',
    [],
  ],
  ['a subquery under a left join', 'SELECT c.id, s.x FROM c LEFT JOIN (SELECT id AS x FROM a) s ON s.x = c.id', ['id']],
  ['lateral', 'SELECT a.id, l.x, l.y FROM a CROSS JOIN LATERAL (SELECT a.id AS x, a.note AS y) l', ['id', 'x']],
  [
    'lateral under a left join',
    'SELECT a.id, l.x FROM a LEFT JOIN LATERAL (SELECT a.id AS x FROM b LIMIT 1) l ON true',
    ['id'],
  ],
  [
    'lateral from the null side',
    'SELECT l.x FROM c LEFT JOIN a ON a.id = c.id CROSS JOIN LATERAL (SELECT a.id AS x) l',
    [],
  ],
  ['a union of two', 'SELECT id FROM a UNION SELECT id FROM b', ['id']],
  ['a union with a nullable branch', 'SELECT id FROM a UNION ALL SELECT a_id FROM b', []],
  ['a union of three, nullable last', '(SELECT id FROM a UNION SELECT id FROM b) UNION ALL SELECT a_id FROM b', []],
  ['an intersection', 'SELECT a_id AS id FROM b INTERSECT SELECT id FROM a', ['id']],
  ['a difference', 'SELECT id FROM a EXCEPT SELECT a_id FROM b', ['id']],
  ['a difference from nullables', 'SELECT a_id AS id FROM b EXCEPT SELECT id FROM a', []],
  ['values', "SELECT x, y FROM (VALUES (1, 'a'), (2, NULL)) v (x, y)", ['x']],
  ['constants', "SELECT 1 AS one, 'x'::text AS x, NULL::text AS nothing", ['one', 'x']],
  ['groups', 'SELECT id, note, count(*) AS n, max(id) AS top FROM a GROUP BY id, note', ['id', 'n']],
  ['groups over a left join', 'SELECT b.id, count(b.id) AS n FROM a LEFT JOIN b ON b.a_id = a.id GROUP BY b.id', ['n']],
  ['grouping sets', 'SELECT id, word, count(*) AS n FROM c GROUP BY GROUPING SETS ((id), (word))', ['n']],
  ['rollup', 'SELECT word, count(*) AS n, grouping(word) AS level FROM c GROUP BY ROLLUP (word)', ['n', 'level']],
  ['a constant in grouping sets', "SELECT 'x'::text || word AS x FROM c GROUP BY CUBE ('x'::text || word)", []],
  ['an aggregate over nothing', 'SELECT sum(id) AS s, count(*) AS n FROM a', ['n']],
  ['windows', 'SELECT row_number() OVER w AS r, lag(id) OVER w AS before FROM a WINDOW w AS (ORDER BY id)', ['r']],
  ['distinct', 'SELECT DISTINCT id, note FROM a', ['id']],
  [
    'coalesce',
    "SELECT coalesce(note, 'x') AS x, coalesce(note, word) AS y, coalesce(note, note) AS z FROM c",
    ['x', 'y'],
  ],
  ['case', "SELECT CASE WHEN id > 1 THEN word ELSE 'x' END AS x, CASE WHEN id > 1 THEN word END AS y FROM c", ['x']],
  ['tests', 'SELECT note IS NULL AS x, note = note AS y, EXISTS (SELECT FROM b) AS z FROM a', ['x', 'z']],
  ['a scalar subquery', 'SELECT (SELECT id FROM b WHERE b.a_id = a.id LIMIT 1) AS x FROM a', []],
  ['functions that may say NULL', "SELECT nullif(id, 1) AS x, (data ->> 'k') AS y, abs(id) AS z FROM c", []],
  ['text', "SELECT word || 'x' AS x, word || note AS y, id::text AS z, word::varchar(3) AS v FROM c", ['x', 'z']],
  ['a set-returning function beside a column', 'SELECT id, generate_series(1, id) AS n FROM a', ['id']],
  ['a CTE', 'WITH q AS (SELECT id, note FROM a) SELECT * FROM q', ['id']],
  ['a CTE in a subquery', 'WITH q AS (SELECT id FROM a) SELECT s.x FROM (SELECT q.id AS x FROM q) s', ['x']],
  [
    'a recursive CTE',
    'WITH RECURSIVE q AS (SELECT id, note FROM a UNION SELECT q.id, c.note FROM q JOIN c ON c.id = q.id) SELECT * FROM q',
    ['id'],
  ],
  [
    'a recursive CTE that turns to NULL',
    'WITH RECURSIVE q AS (SELECT id, id AS x FROM a UNION SELECT b.a_id, q.id FROM q LEFT JOIN b ON b.id = q.x) SELECT * FROM q',
    [],
  ],
  [
    'two CTEs of one name',
    'WITH q AS (SELECT a_id AS x FROM b) SELECT s.x FROM (WITH p AS (SELECT x FROM q), q AS (SELECT x FROM p) SELECT x FROM q) s',
    [],
  ],
  ['a NOT NULL domain', 'SELECT d.word FROM d', ['word']],
  ['a NOT NULL domain under a left join', 'SELECT a.id, d.word FROM a LEFT JOIN d ON d.id = a.id', ['id']],
  ['a system column', 'SELECT tableoid AS x FROM a', []],
  ['a whole row', 'SELECT b AS x FROM a LEFT JOIN b ON b.a_id = a.id', []],
  ['a server table', 'SELECT oid AS x FROM pg_catalog.pg_class', []],
  ['a foreign table', 'SELECT id FROM f', []],
]

const tables = `
  CREATE DOMAIN required AS text NOT NULL;
  CREATE TABLE a (id integer PRIMARY KEY, note text);
  CREATE TABLE b (id integer PRIMARY KEY, a_id integer);
  CREATE TABLE c (id integer PRIMARY KEY, note text, word text NOT NULL, data jsonb NOT NULL DEFAULT '{}');
  CREATE TABLE d (id integer PRIMARY KEY, word required);
  CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
  CREATE FOREIGN TABLE f (id integer NOT NULL) SERVER s;`

describe.each(postgresServers())('nullability of view columns on PostgreSQL $version', ({ url }) => {
  let database: Database
  let session: Session

  beforeAll(async () => {
    database = await createDatabase(url)
    session = await openSession(database.url)
    await session.run(tables)
    for (const [at, [, query]] of cases.entries()) await session.run(`CREATE VIEW view_${at} AS ${query}`)
  })

  afterAll(async () => {
    await session?.close()
    await database?.drop()
  })

  const neverNull = async () => {
    const { tables } = await reflectPostgres(session.read)
    return new Map(
      tables.map(({ name, columns }) => [name, columns.filter(({ nullable }) => !nullable).map(column => column.name)]),
    )
  }

  it('is proven, or else unknown', async () => {
    const proven = await neverNull()
    const expected = cases.map(([what, , names]) => [what, names])
    expect(cases.map(([what], at) => [what, proven.get(`view_${at}`)])).toEqual(expected)
  })

  it('reaches through views on views', async () => {
    await session.run(`
      CREATE VIEW inner_view AS SELECT a.id, b.id AS b_id FROM a LEFT JOIN b ON b.a_id = a.id;
      CREATE VIEW middle_view AS SELECT * FROM inner_view;
      CREATE VIEW outer_view AS SELECT m.id, m.b_id, c.id AS c_id FROM c LEFT JOIN middle_view m ON m.id = c.id;
      CREATE VIEW through_view AS SELECT m.id, m.b_id FROM middle_view m JOIN c ON c.id = m.id`)
    const proven = await neverNull()
    expect(proven.get('middle_view')).toEqual(['id'])
    expect(proven.get('outer_view')).toEqual(['c_id'])
    expect(proven.get('through_view')).toEqual(['id'])
  })

  it('follows a base column that drops its NOT NULL', async () => {
    await session.run('CREATE TABLE soft (x integer NOT NULL); CREATE VIEW soft_view AS SELECT x FROM soft')
    expect((await neverNull()).get('soft_view')).toEqual(['x'])
    await session.run('ALTER TABLE soft ALTER x DROP NOT NULL')
    expect((await neverNull()).get('soft_view')).toEqual([])
  })

  it('trusts no column for a materialized view, whose rows may be older than the NOT NULL', async () => {
    await session.run(`
      CREATE TABLE stale (x integer); INSERT INTO stale VALUES (NULL);
      CREATE MATERIALIZED VIEW stale_view AS SELECT x, 1 AS one FROM stale;
      DELETE FROM stale; ALTER TABLE stale ALTER x SET NOT NULL`)
    expect(await session.read('SELECT x FROM stale_view')).toEqual([[null]])
    expect((await neverNull()).get('stale_view')).toEqual(['one'])
  })

  it('asks nothing more for views', async () => {
    const before = session.statements.length
    await reflectPostgres(session.read)
    expect(session.statements.length - before).toBe(2)
  })

  it('never says NOT NULL of a column that shows a NULL, in random views over random rows', async () => {
    const row = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.option(fc.integer({ min: 1, max: 4 })))
    const data = fc.record({ t: fc.array(row, { maxLength: 4 }), u: fc.array(row, { maxLength: 4 }) })
    await session.run(`
      CREATE SCHEMA random;
      CREATE TABLE random.t (k integer NOT NULL, n integer);
      CREATE TABLE random.u (k integer NOT NULL, n integer)`)
    let provenColumns = 0
    await fc.assert(
      fc.asyncProperty(fc.array(randomView, { minLength: 40, maxLength: 40 }), data, async (views, { t, u }) => {
        await session.run('BEGIN')
        try {
          for (const [name, rows] of Object.entries({ t, u })) {
            for (const [k, n] of rows) await session.run(`INSERT INTO random.${name} VALUES (${k}, ${n})`)
          }
          await session.run(views.map((sql, at) => `CREATE VIEW random.v${at} AS ${sql}`).join(';\n'))
          const { tables } = await reflectPostgres(session.read, { schemas: ['random'] })
          for (const { name, kind, columns } of tables) {
            const proven = columns.filter(({ nullable }) => !nullable).map(column => column.name)
            if (kind !== 'view' || proven.length === 0) continue
            provenColumns += proven.length
            const holes = await session.read(
              `SELECT count(*) FROM random.${name} WHERE ${proven.map(column => `${column} IS NULL`).join(' OR ')}`,
            )
            expect(holes, `${views[Number(name.slice(1))]} says ${proven} NOT NULL`).toEqual([['0']])
          }
        } finally {
          await session.run('ROLLBACK')
        }
      }),
      // The message names the one view: shrinking the other thirty-nine away would cost a minute and say no more.
      { numRuns: 12, endOnFailure: true },
    )
    // Not by saying nothing at all.
    expect(provenColumns).toBeGreaterThan(50)
  })
})
