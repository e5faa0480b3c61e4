/** TypeORM's `@Tree('closure-table')`: a table of links that its `save` keeps, in the application. @module */
import pg from 'pg'
import { DataSource, EntitySchema } from 'typeorm'
import type { Ground, Writer } from './plant.js'

interface Node {
  /** A bigint, which TypeORM keeps as text. */
  readonly id: string
  parent: { readonly id: string } | null
  children?: Node[]
}

const node = new EntitySchema<Node>({
  name: 'node',
  columns: { id: { type: 'bigint', primary: true } },
  trees: [{ type: 'closure-table' }],
  relations: {
    parent: {
      type: 'many-to-one',
      target: 'node',
      treeParent: true,
      nullable: true,
      joinColumn: { name: 'parent_id' },
    },
    children: { type: 'one-to-many', target: 'node', treeChildren: true, inverseSide: 'parent' },
  },
})

/** What TypeORM makes of the entity, filled from the pointers at once: its own `save` would take hours. */
export async function closureEntity({ client, url, schema }: Ground): Promise<Writer> {
  const source = await new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    schema,
    poolSize: 1,
    entities: [node],
  }).initialize()
  try {
    await source.synchronize()
    // it drops indexes that it did not make
    await client.query(`
      CREATE INDEX IF NOT EXISTS node_parent_id ON node (parent_id, id);
      SET session_replication_role = replica;
      INSERT INTO node_closure (id_ancestor, id_descendant)
        WITH RECURSIVE m AS (SELECT id, id AS above FROM node UNION ALL SELECT n.id, m.above FROM m JOIN node n ON n.parent_id = m.id)
        SELECT above, id FROM m;
      RESET session_replication_role`)
  } catch (error) {
    await source.destroy()
    throw error
  }
  const nodes = source.getRepository(node)
  return {
    insert: (id, parent) => nodes.save({ id: String(id), parent: { id: String(parent) } }),
    async move(id, parent) {
      const found = await nodes.findOneOrFail({ where: { id: String(id) }, relations: { parent: true } })
      found.parent = { id: String(parent) }
      await nodes.save(found)
    },
    close: () => source.destroy(),
  }
}
