/**
 * TypeORM on a database of any kind.
 *
 * @module
 */
import { DataSource } from 'typeorm'
import type { Engine } from '../engine/engine.js'
import { entitiesIn } from './entities.js'

/** A source that has the tables, or makes them. */
export function sourceOf(engine: Engine, url: string, { synchronize = false } = {}): DataSource {
  return new DataSource({ ...engine.source(url), entities: [...entitiesIn(engine.words)], synchronize })
}
