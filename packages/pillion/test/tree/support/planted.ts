/**
 * A table of nodes with a tree on it, in a database of the test's own, and the comparison of its links with the oracle's.
 *
 * @module
 */
import { expect } from 'vitest'
import { installDdl } from '../../../src/tree/ddl.js'
import { readTreeTable } from '../../../src/tree/find.js'
import { installTree } from '../../../src/tree/install.js'
import {
  type TreeDialect,
  type TreeForeignKey,
  type TreeModel,
  type TreeOptions,
  treeModel,
} from '../../../src/tree/model.js'
import type { Engine, Ground, TestSession } from './engines.js'
import { linksOf, lostIn } from './oracle.js'

/** What a test may have otherwise than usual. */
export interface Plot {
  readonly options?: Partial<TreeOptions>
  /** What the foreign key of the pointer does; `none`: there is no foreign key. */
  readonly onDelete?: TreeForeignKey['onDelete'] | 'none'
  readonly type?: string
  readonly deferred?: boolean
  /** Changes the statements that install it. */
  readonly ddl?: (statements: readonly string[]) => readonly string[]
}

/** A planted tree. */
export interface Planted {
  readonly ground: Ground
  readonly model: TreeModel
  readonly session: TestSession
  /** The links are those of the pointers, and the counts those of the links. */
  check(): Promise<void>
  /** What is wrong with them: nothing, when all is well. */
  faults(): Promise<readonly string[]>
  drop(): Promise<void>
}

export async function plant(engine: Engine, plot: Plot = {}): Promise<Planted> {
  const ground = await engine.open()
  const session = await ground.session()
  const { type = 'bigint', onDelete = 'cascade' } = plot
  const deferred = plot.deferred ? ' deferrable initially deferred' : ''
  const key =
    onDelete === 'none'
      ? ''
      : `, foreign key (parent_id) references node (id) on delete ${onDelete} on update cascade${deferred}`
  await session.run(`create table node (id ${type} primary key, parent_id ${type}, name varchar(40)${key})`)
  const model = modelOf(engine.dialect, plot)
  await run(session, (plot.ddl ?? (each => each))(installDdl(model)))
  const faults = () => faultsOf(session, model)
  return {
    ground,
    model,
    session,
    faults,
    check: async () => expect(await faults()).toEqual([]),
    drop: async () => {
      await session.close()
      await ground.drop()
    },
  }
}

/** Statements that install a tree, in one transaction where the engine has such for DDL. */
export async function run(session: TestSession, statements: readonly string[]): Promise<void> {
  const whole = session.dialect !== 'mariadb'
  if (whole) await session.run('BEGIN')
  for (const sql of statements) await session.run(sql)
  if (whole) await session.run('COMMIT')
}

/** A tree over a table called `node` that statements of the test's own have made, as `pillion tree install` finds it. */
export async function grow(
  engine: Engine,
  statements: readonly string[],
  options: Partial<TreeOptions> = {},
): Promise<Planted> {
  const ground = await engine.open()
  const session = await ground.session()
  const drop = async (): Promise<void> => {
    await session.close()
    await ground.drop()
  }
  try {
    for (const sql of statements) await session.run(sql)
    const table = await readTreeTable(session, 'node')
    const model = treeModel(engine.dialect, table, { parent: 'parent_id', closure: 'node_ancestry_link', ...options })
    await installTree(session, model)
    const faults = () => faultsOf(session, model)
    return { ground, model, session, faults, check: async () => expect(await faults()).toEqual([]), drop }
  } catch (error) {
    await drop()
    throw error
  }
}

function modelOf(dialect: TreeDialect, { options, onDelete = 'cascade', type = 'bigint', deferred }: Plot): TreeModel {
  const schema = dialect === 'postgres' ? 'public' : ''
  const table = {
    schema,
    name: 'node',
    columns: [
      { name: 'id', sqlType: type, nullable: false },
      { name: 'parent_id', sqlType: type, nullable: true },
    ],
    primaryKey: { columns: ['id'] },
    foreignKeys:
      onDelete === 'none'
        ? []
        : [
            {
              columns: ['parent_id'],
              target: schema === '' ? 'node' : `${schema}.node`,
              targetColumns: ['id'],
              onDelete,
              ...(deferred && { deferrable: 'deferred' as const }),
            },
          ],
  }
  return treeModel(dialect, table, { parent: 'parent_id', closure: 'node_ancestry_link', ...options })
}

async function faultsOf(session: TestSession, model: TreeModel): Promise<readonly string[]> {
  const nodes = await session.run('select id, parent_id from node')
  const links = await session.run('select node_id, ancestor_id, distance from node_ancestry_link')
  const forest = new Map(nodes.map(([id, parent]) => [id as string, parent as string | null]))
  const expected = linksOf(forest)
  if (expected === undefined) return lostIn(forest).map(node => `no root above ${node}`)
  const found = new Set(links.map(([node, ancestor, distance]) => `${node}>${ancestor}:${distance}`))
  const wanted = new Set(expected)
  const wrong = [
    ...[...wanted].filter(each => !found.has(each)).map(each => `missing ${each}`),
    ...[...found].filter(each => !wanted.has(each)).map(each => `extra ${each}`),
  ]
  return model.counts ? [...wrong, ...(await wrongCounts(session, links))] : wrong
}

async function wrongCounts(
  session: TestSession,
  links: readonly (readonly (string | null)[])[],
): Promise<readonly string[]> {
  const rows = await session.run(
    'select ancestor_id, n from node_ancestry_link_count union all select ancestor_id, n from node_ancestry_link_delta',
  )
  const off = new Map<string, number>()
  const add = (id: string | null | undefined, n: number) => off.set(String(id), (off.get(String(id)) ?? 0) + n)
  for (const [id, n] of rows) add(id, Number(n))
  for (const [, ancestor, distance] of links) if (distance !== '0') add(ancestor, -1)
  return [...off].filter(([, n]) => n !== 0).map(([id, n]) => `count of ${id} off by ${n}`)
}

/** The same triggers without their locks, and without what they refuse for their locks' sake: the control of every guard. */
export function withoutLocks(statements: readonly string[]): readonly string[] {
  return statements.map(sql =>
    sql
      .replace(/^(DO|LOCK|WITH|COMMENT)[\s\S]*$/, '$&')
      .replaceAll(' FOR SHARE OF own', '')
      .replaceAll(' FOR SHARE;', ';')
      .replaceAll(' LOCK IN SHARE MODE', '')
      .replaceAll(/SELECT COUNT\(\*\) INTO _own [^;]*;/g, 'SET _own = 1;')
      .replaceAll(
        /UPDATE "public"\."node_ancestry_link" AS own SET "distance" = 0 WHERE/g,
        'PERFORM FROM "public"."node_ancestry_link" AS own WHERE',
      )
      .replaceAll(/PERFORM FROM [^;]* FOR UPDATE;/g, '')
      .replaceAll(/ FOR UPDATE OF own/g, '')
      .replaceAll(
        /IF current_setting\('transaction_isolation'\)/g,
        "IF 'x' = 'y' AND current_setting('transaction_isolation')",
      ),
  )
}
