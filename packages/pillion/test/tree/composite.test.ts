/**
 * Questions about trees over keys of several columns, with and without a scope, in both encodings: random forests against an
 * oracle that walks the rows in memory.
 *
 * @module
 */
import fc from 'fast-check'
import {
  and,
  type Condition,
  count,
  type Database,
  type DerivedHandle,
  type Expr,
  list,
  not,
  type Param,
  param,
  pillion,
  relate,
  type Root,
  some,
} from 'pillion'
import {
  type Composite,
  installTree,
  readTreeTable,
  type Tree,
  type TreeModel,
  tree,
  treeModel,
  verifyTree,
} from 'pillion/tree'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asked, dialects, opened } from './support/asked.js'

type Part = string | number
type Names<T> = { readonly [Name in 'a' | 'b' | 'c']: T }
type Of<T> = Names<T> & { readonly pb: T | null; readonly pc: T | null; readonly label: string }

interface Rows {
  readonly node: DerivedHandle<Of<Part>>
  readonly fact: DerivedHandle<Names<Part | null> & { readonly id: number }>
  readonly node_link: DerivedHandle<{ readonly distance: number }>
}

/** A node in memory: its key, and its parent's. */
interface Row {
  readonly key: readonly Part[]
  readonly parent: readonly (Part | null)[]
}

/** What a key is made of: the columns, the pointer, and values for each column. */
interface Plan {
  readonly key: readonly ('a' | 'b' | 'c')[]
  readonly parent: readonly string[]
  readonly types: Readonly<Record<string, 'number' | 'text' | 'uuid'>>
}

const plans: Readonly<Record<string, Plan>> = {
  'a number below a tenant of numbers': { key: ['a', 'b'], parent: ['a', 'pb'], types: { a: 'number', b: 'number' } },
  'a uuid below a tenant of text': { key: ['a', 'b'], parent: ['a', 'pb'], types: { a: 'text', b: 'uuid' } },
  'the tenant last': { key: ['b', 'a'], parent: ['pb', 'a'], types: { a: 'uuid', b: 'text' } },
  'text and a number': { key: ['b', 'c'], parent: ['pb', 'pc'], types: { b: 'text', c: 'number' } },
  'text and a uuid below a tenant': {
    key: ['a', 'b', 'c'],
    parent: ['a', 'pb', 'pc'],
    types: { a: 'number', b: 'text', c: 'uuid' },
  },
}

const texts = ['', 'a', 'A b', 'ö', "x'y", 'a,b', 'null', '1', '{"a"}', '\\']
const values = {
  number: [1, 2, 3, 4, 5, 6, 7, 8, 9, -1],
  text: texts,
  uuid: texts.map((_, i) => `0000000${i}-aaaa-4bbb-8ccc-${String(i).repeat(12)}`),
}

const columnTypes = {
  postgres: { number: 'integer', text: 'text', uuid: 'uuid' },
  mariadb: { number: 'int', text: 'varchar(40) character set utf8mb4 collate utf8mb4_nopad_bin', uuid: 'uuid' },
  sqlite: { number: 'integer', text: 'text', uuid: 'text' },
}

const told = (key: readonly unknown[]): string => JSON.stringify(key)
const sorted = (keys: readonly (readonly unknown[])[]): readonly string[] => keys.map(told).toSorted()

/** Everything a tree is asked, found by walking rows. */
function oracle({ key, parent }: Plan, rows: readonly Row[]) {
  const scoped = key.map((name, at) => parent[at] === name)
  const isRoot = (row: Row): boolean => row.parent.some(part => part === null)
  const byKey = new Map(rows.map(row => [told(row.key), row]))
  const up = (row: Row | undefined): readonly Row[] =>
    row === undefined ? [] : isRoot(row) ? [row] : [row, ...up(byKey.get(told(row.parent)))]
  const distance = (row: Row, top: readonly Part[]): number => up(row).findIndex(each => told(each.key) === told(top))
  const inScope = (one: Row, other: Row): boolean => scoped.every((is, at) => !is || one.key[at] === other.key[at])
  const of = (which: readonly Part[]) => byKey.get(told(which))
  return {
    isRoot,
    up: (which: readonly Part[]) => up(of(which)),
    under: (top: readonly Part[], least: number, most: number) =>
      rows.filter(row => distance(row, top) >= least && distance(row, top) <= most),
    distance,
    children: (top: readonly Part[]) => rows.filter(row => !isRoot(row) && told(row.parent) === told(top)),
    siblings: (which: readonly Part[]) =>
      rows.filter(row => {
        const other = of(which)
        if (other === undefined || row === other || !inScope(row, other)) return false
        return isRoot(row) ? isRoot(other) : !isRoot(other) && told(row.parent) === told(other.parent)
      }),
    common: (one: readonly Part[], other: readonly Part[]) => {
      const others = up(of(other)).map(row => told(row.key))
      return up(of(one)).find(row => others.includes(told(row.key)))
    },
  }
}

/** Random forests: each node hangs below one before it of its scope, or is a root, by a pointer with a NULL somewhere in it. */
function forests({ key, parent, types }: Plan): fc.Arbitrary<readonly Row[]> {
  const part = (name: string) => fc.constantFrom<Part>(...values[types[name] as 'text'].slice(0, name === 'a' ? 3 : 10))
  const isScope = (at: number): boolean => parent[at] === key[at]
  const keys = fc.uniqueArray(fc.tuple(...key.map(part)), { minLength: 1, maxLength: 24, selector: told })
  return keys.chain(all =>
    fc.tuple(...all.map(() => fc.tuple(fc.nat(), fc.nat(5), part(key.at(-1) as string)))).map(choices =>
      all.map((own, i): Row => {
        const before = all.slice(0, i).filter(each => each.every((value, at) => !isScope(at) || value === own[at]))
        const [nth, kind, spare] = choices[i] as [number, number, Part]
        const above = before[nth % (before.length || 1)]
        if (above !== undefined && kind > 0) return { key: own, parent: above }
        // a NULL in one part is enough; the last is left as it is where there is another
        const pointer = own.map((value, at) => (isScope(at) ? value : null))
        const partly = pointer.filter(each => each === null).length > 1 && nth % 2 === 0
        return { key: own, parent: partly ? [...pointer.slice(0, -1), spare] : pointer }
      }),
    ),
  )
}

describe.each(dialects)('on %s', dialect => {
  describe.each(Object.entries(plans))('%s', (_, plan) => {
    const { key, parent, types } = plan
    let asked: Asked
    let db: Database<Rows>
    let model: TreeModel
    const all = async (sql: string) => asked.session.run(sql)
    const literal = (value: Part | null): string =>
      value === null
        ? 'null'
        : typeof value === 'number'
          ? String(value)
          : `'${(dialect === 'mariadb' ? value.replaceAll('\\', '\\\\') : value).replaceAll("'", "''")}'`

    beforeAll(async () => {
      asked = await opened[dialect]()
      const type = (name: string): string => columnTypes[dialect][types[name] ?? 'number']
      const typed = [
        ...key.map(name => `${name} ${type(name)} not null`),
        ...parent.filter(name => !key.includes(name as 'a')).map(name => `${name} ${type(name.slice(1))}`),
      ]
      const rest = ['a', 'b', 'c', 'pb', 'pc'].filter(name => ![...key, ...parent].includes(name))
      const columns = [...typed, ...rest.map(name => `${name} integer`), 'label varchar(80)']
      const pointer = `foreign key (${parent.join(', ')}) references node (${key.join(', ')})`
      await all(`create table node (${columns.join(', ')}, primary key (${key.join(', ')}), ${pointer})`)
      await all(
        `create table fact (id integer primary key, ${['a', 'b', 'c'].map(name => `${name} ${type(name)}`).join(', ')})`,
      )
      model = treeModel(dialect, await readTreeTable(asked.session, 'node'), { parent, closure: 'node_link' })
      await installTree(asked.session, model)
      db = await pillion<Rows>(asked.host)
    })
    afterAll(() => asked.close())

    const planted = async (rows: readonly Row[]): Promise<void> => {
      const pointer = parent.filter(name => !key.includes(name as 'a'))
      await all(`update node set ${pointer.map(name => `${name} = null`).join(', ')}`)
      await all('delete from node')
      await all('delete from fact')
      for (const [i, row] of rows.entries()) {
        const own = parent.map((name, at) => [name, row.parent[at] ?? null] as const)
        const more = own.filter(([name]) => !key.includes(name as 'a'))
        const names = [...key, ...more.map(([name]) => name), 'label']
        const cells = [...row.key, ...more.map(([, value]) => value)].map(literal)
        await all(`insert into node (${names.join(', ')}) values (${cells.join(', ')}, ${literal(told(row.key))})`)
        await all(`insert into fact (id, ${key.join(', ')}) values (${i}, ${row.key.map(literal).join(', ')})`)
      }
      // one of no node at all, and one of half a node
      await all('insert into fact (id) values (1000)')
      await all(`insert into fact (id, ${key[0]}) values (1001, ${literal(rows[0]?.key[0] ?? null)})`)
    }

    describe.each(['links', 'a recursive query'])('by %s', encoding => {
      /** The words, as whoever wrote the names of this plan's columns would have them. */
      const nodes = () =>
        tree(db.tables.node, {
          key: key as unknown as readonly ['a', 'b', 'c'],
          parent: parent as unknown as readonly ['a', 'pb', 'pc'],
          ...(encoding === 'links' && { closure: db.tables.node_link }),
        }) as Tree<Composite<Names<Part>>>
      const named = (given: readonly unknown[]) => Object.fromEntries(key.map((name, at) => [name, given[at]]))
      const keyOf = (given: readonly unknown[]) => named(given) as unknown as Names<Part>
      const partsOf = (row: object): readonly unknown[] => key.map(name => (row as Names<unknown>)[name])
      const columns = (handle: object) => named(partsOf(handle)) as unknown as Names<Expr<Part>>

      const selected = async (where: Condition): Promise<readonly string[]> =>
        sorted((await db.from(db.tables.node).where(where).select(columns(db.tables.node)).all()).map(partsOf))

      test('answers are those of the rows', async () => {
        await fc.assert(
          fc.asyncProperty(forests(plan), fc.nat(), fc.nat(), fc.nat(3), fc.nat(3), async (rows, n, m, least, more) => {
            await planted(rows)
            const { node, fact } = db.tables
            const right = oracle(plan, rows)
            const [y, z] = [n, m].map(i => (rows[i % rows.length] as Row).key) as [readonly Part[], readonly Part[]]
            const [top, other] = [keyOf(y), keyOf(z)]
            const within = { least, most: least + more }
            const keys = (found: readonly Row[]) => sorted(found.map(row => row.key))
            const words = nodes()

            const below = right.under(y, 0, Infinity)
            const near = right.under(y, within.least, within.most)
            const rest = rows.filter(row => !below.includes(row))
            expect(await selected(words.under(node, top))).toEqual(keys(below))
            expect(await selected(words.under(columns(node), top, within))).toEqual(keys(near))
            expect(await selected(words.underIndexed(node, top))).toEqual(keys(below))
            expect(await selected(words.underIndexed(node, top, within))).toEqual(keys(near))
            expect(await selected(not(words.under(node, top)))).toEqual(keys(rest))
            expect(await selected(not(words.underIndexed(node, top)))).toEqual(keys(rest))
            expect(await selected(words.above(node, top))).toEqual(keys(right.up(y)))
            expect(await selected(words.above(node, top, within))).toEqual(
              keys(right.up(y).slice(within.least, within.most + 1)),
            )
            expect(await selected(words.childOf(node, top))).toEqual(keys(right.children(y)))
            expect(await selected(words.siblingOf(node, top))).toEqual(keys(right.siblings(y)))
            expect(await selected(words.isRoot(node))).toEqual(keys(rows.filter(right.isRoot)))

            for (const where of [words.under(columns(fact), top), words.underIndexed(columns(fact), top)]) {
              const facts = await db.from(fact).where(where).select(columns(fact)).all()
              expect(sorted(facts.map(partsOf))).toEqual(keys(below))
            }

            const every = await db
              .from(node)
              .select({
                ...columns(node),
                depth: words.depth(node),
                path: words.path(node, each => each.label),
                below: words.descendantCount(node),
                near: words.descendantCount(node, within),
                down: list(words.below(node), link => ({ ...columns(link), distance: link.distance })),
                up: list(words.over(node), link => columns(link), { orderBy: link => link.distance.asc() }),
                whole: list(words.over(node), link => link),
                children: count(words.below(node), link => link.distance.eq(1)),
                nearest: words.commonAncestor(top, other),
              })
              .all()
            const common = right.common(y, z)?.key
            expect(
              every.map(row => ({
                ...row,
                down: sorted(row.down.map(each => [...partsOf(each), each.distance])),
                whole: row.whole.map(each => Object.keys(each).toSorted()),
              })),
            ).toEqual(
              every.map(partsOf).map(own => {
                const up = right.up(own as readonly Part[])
                const down = rows
                  .map(row => [...row.key, right.distance(row, own as readonly Part[])])
                  .filter(each => Number(each.at(-1)) >= 0)
                return {
                  ...named(own),
                  depth: up.length - 1,
                  path: up.toReversed().map(row => ({ of: told(row.key) })),
                  below: down.length - 1,
                  near: right.under(own as readonly Part[], within.least, within.most).length,
                  down: sorted(down),
                  up: up.map(row => named(row.key)),
                  whole: up.map(() => [...key, 'distance'].toSorted()),
                  children: right.children(own as readonly Part[]).length,
                  nearest: named(common ?? key.map(() => null)),
                }
              }),
            )
            expect(every).toHaveLength(rows.length)

            expect(await selected(some(words.below(node)).distance.eq(2))).toEqual(
              keys(rows.filter(row => right.under(row.key, 2, 2).length > 0)),
            )
            const tops = Object.fromEntries(key.map(name => [name, param<Part>(name)])) as unknown as Names<Param<Part>>
            const bound = key.map((name, at) => tops[name].is(y[at] as Part))
            const reached = words.descendants(tops, within)
            const rowsBelow = await db.from(reached).all(...bound)
            expect(sorted(rowsBelow.map(row => [...partsOf(row), row.distance]))).toEqual(
              sorted(near.map(row => [...row.key, right.distance(row, y)])),
            )
            expect(rowsBelow.every(row => Object.keys(row).length === key.length + 1)).toBe(true)
            const over = words.ancestors(top)
            expect((await db.from(over).orderBy(over.distance.asc()).all()).map(partsOf)).toEqual(
              right.up(y).map(row => row.key),
            )
            // a semi handle is a node, too
            const its = () =>
              some(relate(fact, node, each => and(...key.map(name => each[name].eq(fact[name] as Expr<Part>)))))
            const semi = async (where: (handle: ReturnType<typeof its>) => Condition) =>
              sorted((await db.from(fact).where(where(its())).select(columns(fact)).all()).map(partsOf))
            expect(await semi(at => words.under(at, top))).toEqual(keys(below))
            expect(await semi(at => words.isRoot(at))).toEqual(keys(rows.filter(right.isRoot)))
            expect(await semi(at => words.siblingOf(at, top))).toEqual(keys(right.siblings(y)))
            expect(await semi(at => words.childOf(at, top))).toEqual(keys(right.children(y)))
            // a relation of facts: every node that one of them is at or below
            const met = some(relate(node, fact, each => words.under(columns(each), columns(node))))
            if (encoding === 'links') expect(await selected(met.id.lt(1000))).toEqual(keys(rows))
            expect(await verifyTree(asked.session, model)).toEqual([])
          }),
          { numRuns: Number(process.env['PILLION_RUNS'] ?? 8) },
        )
      }, 120_000)
    })
  })
})

describe.each(dialects)('refused on %s', dialect => {
  let asked: Asked
  let db: Database<Refused>
  interface Page {
    readonly tenant: number
    readonly id: number
    readonly parent_id: number | null
    readonly other_id: number | null
  }
  interface Refused {
    readonly page: DerivedHandle<Page>
    readonly page_link: DerivedHandle<{ readonly distance: number }>
    readonly plain: DerivedHandle<{ readonly id: number; readonly parent_id: number | null }>
    readonly odd: DerivedHandle<{
      readonly near_0: number
      readonly near_1: number
      readonly p0: number | null
      readonly p1: number | null
    }>
    readonly odd_link: DerivedHandle<{ readonly distance: number }>
    readonly word: DerivedHandle<{ readonly id: string; readonly parent: string | null }>
    readonly plain_link: DerivedHandle<{ readonly distance: number }>
    readonly region: DerivedHandle<{
      readonly tenant: number
      readonly id: number
      readonly pt: number | null
      readonly pi: number | null
    }>
    readonly region_link: DerivedHandle<{ readonly distance: number }>
    readonly far: DerivedHandle<{
      readonly id: number
      readonly distance: number
      readonly pid: number
      readonly pd: number
    }>
  }

  beforeAll(async () => {
    asked = await opened[dialect]()
    const { session } = asked
    const install = async (name: string, parent: readonly string[]) => {
      const table = await readTreeTable(session, name)
      await installTree(session, treeModel(dialect, table, { parent, closure: `${name}_link` }))
    }
    await session.run(
      'create table page (tenant int not null, id int not null, parent_id int, other_id int, primary key (tenant, id), foreign key (tenant, parent_id) references page (tenant, id))',
    )
    await install('page', ['tenant', 'parent_id'])
    await session.run(
      'create table plain (id int not null primary key, parent_id int, foreign key (parent_id) references plain (id))',
    )
    await install('plain', ['parent_id'])
    await session.run(
      'create table region (tenant int not null, id int not null, pt int, pi int, primary key (tenant, id), foreign key (pt, pi) references region (tenant, id))',
    )
    await install('region', ['pt', 'pi'])
    await session.run(
      'create table odd (near_0 int not null, near_1 int not null, p0 int, p1 int, primary key (near_0, near_1), foreign key (p0, p1) references odd (near_0, near_1))',
    )
    await install('odd', ['p0', 'p1'])
    await session.run('insert into odd values (1, 2, null, null), (3, 4, 1, 2)')
    await session.run('create table word (id varchar(20) not null primary key, parent varchar(20))')
    await session.run(
      'create table far (id int not null, distance int not null, pid int, pd int, primary key (id, distance))',
    )
    db = await pillion<Refused>(asked.host)
  })
  afterAll(() => asked.close())

  const code =
    (what: string, ...words: readonly RegExp[]) =>
    (act: () => unknown) => {
      let thrown: unknown
      try {
        act()
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({ code: what })
      for (const word of words) expect(String(thrown)).toMatch(word)
    }

  test('columns that make no tree', () => {
    const { page, far } = db.tables
    const all = page as never as Root<DerivedHandle<Record<'tenant' | 'id' | 'parent_id' | 'nowhere', number>>>
    const refused = (...words: readonly RegExp[]) => code('TREE_INVALID', ...words)
    // of one tenant only
    refused(/\(tenant, id\)/, /\(parent_id\)/)(() => tree(page, { parent: 'parent_id' }))
    refused(/beside others/, /tenantId/)(() => tree(page, { parent: 'parent_id', key: 'id' }))
    refused(/beside others/)(() => tree(page, { key: ['id', 'other_id'], parent: ['parent_id', 'other_id'] }))
    refused(/nowhere/)(() => tree(all, { key: ['tenant', 'nowhere'], parent: ['tenant', 'parent_id'] }))
    refused(/nowhere/)(() => tree(all, { key: ['tenant', 'id'], parent: ['tenant', 'nowhere'] }))
    refused(/do not go together/)(() => tree(page, { key: ['tenant', 'id'], parent: ['tenant'] as never }))
    refused(/do not go together/)(() => tree(page, { key: ['tenant', 'id'], parent: ['parent_id', 'parent_id'] }))
    refused(/key itself/)(() => tree(page, { key: ['tenant', 'id'], parent: ['tenant', 'id'] }))
    refused(/key itself/)(() => tree(db.tables.plain, { parent: 'id' }))
    refused(/called distance/)(() => tree(far, { key: ['id', 'distance'], parent: ['pid', 'pd'] }))
  })

  test('links that are not over this key', () => {
    const { page, plain, region, word, page_link, plain_link, region_link } = db.tables
    const refused = (...words: readonly RegExp[]) => code('TREE_INVALID', ...words)
    const scoped = { key: ['tenant', 'id'], parent: ['tenant', 'parent_id'] } as const
    const pair = { key: ['tenant', 'id'], parent: ['pt', 'pi'] } as const
    refused(/page_link/, /tenant/)(() => tree(plain, { parent: 'parent_id', closure: page_link }))
    refused(/plain_link/, /tenant/)(() => tree(page, { ...scoped, closure: plain_link }))
    refused(/region_link/)(() => tree(page, { ...scoped, closure: region_link }))
    refused(/page_link/)(() => tree(region, { ...pair, closure: page_link }))
    refused(/column tenant/)(() => tree(page, { ...scoped, closure: plain }))
    refused(/node_id is of another type/)(() => tree(word, { parent: 'parent', closure: plain_link }))
    expect(tree(page, { ...scoped, closure: page_link })).toBeDefined()
    expect(tree(region, { ...pair, closure: region_link })).toBeDefined()
    // a key in another order is the same key
    expect(tree(page, { key: ['id', 'tenant'], parent: ['parent_id', 'tenant'], closure: page_link })).toBeDefined()
  })

  test('columns by whatever names', async () => {
    const { odd, odd_link } = db.tables
    for (const closure of [{}, { closure: odd_link }]) {
      const nodes = tree(odd, { key: ['near_0', 'near_1'], parent: ['p0', 'p1'], ...closure })
      const rows = await db
        .from(odd)
        .select({
          depth: nodes.depth(odd),
          up: list(nodes.over(odd), link => link, { orderBy: link => link.distance.asc() }),
        })
        .orderBy(odd.near_0.asc())
        .all()
      expect(rows).toEqual([
        { depth: 0, up: [{ near_0: 1, near_1: 2, distance: 0 }] },
        {
          depth: 1,
          up: [
            { near_0: 3, near_1: 4, distance: 0 },
            { near_0: 1, near_1: 2, distance: 1 },
          ],
        },
      ])
    }
  })

  test.each(['links', 'a recursive query'])('what is no key, by %s', async encoding => {
    const { page, plain } = db.tables
    const nodes = tree(page, {
      key: ['tenant', 'id'],
      parent: ['tenant', 'parent_id'],
      ...(encoding === 'links' && { closure: db.tables.page_link }),
    })
    const refused = (...words: readonly RegExp[]) => code('TREE_KEY', ...words)
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [{ tenant: 1 }, /no id/],
      [{ tenant: 1, id: undefined }, /no id/],
      [{ tenant: 1, id: 2, parent_id: 3 }, /parent_id, too/],
      [{ tenant: null, id: 2 }, /tenant is null/],
      [17, /not an object/],
      [null, /not an object/],
      [page.id, /not an object/],
      [[1, 2], /no tenant/],
      [plain, /no column tenant/],
    ]
    for (const [key, word] of wrong) {
      const given = key as { tenant: number; id: number }
      for (const act of [
        () => nodes.under(page, given),
        () => nodes.under(given as never, { tenant: 1, id: 2 }),
        () => nodes.underIndexed(page, given),
        () => nodes.above(page, given),
        () => nodes.childOf(page, given),
        () => nodes.siblingOf(page, given),
        () => nodes.descendants(given),
        () => nodes.ancestors(given),
        () => nodes.commonAncestor(given, { tenant: 1, id: 2 }),
        () => nodes.commonAncestor({ tenant: 1, id: 2 }, given),
      ])
        refused(word, /\{ tenant, id \}/)(act)
    }
    for (const act of [
      () => nodes.depth(plain),
      () => nodes.path(plain, each => each.id),
      () => nodes.descendantCount(plain),
      () => nodes.below(plain),
      () => nodes.over(plain),
      () => nodes.isRoot(plain),
      () => nodes.childOf(plain, { tenant: 1, id: 2 }),
      () => nodes.siblingOf(plain, { tenant: 1, id: 2 }),
    ])
      refused(/no column tenant/)(act)
    refused(/is no column/)(() => nodes.under({ tenant: 1, id: 2 } as never, { tenant: 1, id: 2 }))
    code('VALUE_TYPE')(() => nodes.under(page, { tenant: 1, id: 'x' as never }))
    code('TREE_KEY', /no column/)(() => tree(plain, { parent: 'parent_id' }).under(17 as never, 17))
    expect(
      await db
        .from(page)
        .where(nodes.under(page, { tenant: 1, id: 2 }))
        .count(),
    ).toBe(0)
  })
})
