/**
 * The interviews database: tables and rows, made by TypeORM, whichever ORM is to run on them.
 *
 * @module
 */
import type { DataSource } from 'typeorm'
import type { Engine } from './engine/engine.js'
import { sourceOf } from './orm/source.js'
import { createTables } from './orm/tables.js'
import { exampleRows } from './example-rows.js'
import { type Rows, type TableName, tableNames } from './rows.js'

/** Told how many rows of how many are written. */
export type Progress = (written: number, total: number) => void

/** Creates the tables in an empty database and fills them, until the signal says otherwise. */
export async function createInterviews(
  engine: Engine,
  url: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted()
  await createTables(engine, url)
  const source = await sourceOf(engine, url).initialize()
  try {
    await fill(source, progress, signal)
    await source.query(engine.analyze)
  } finally {
    await source.destroy()
  }
}

async function fill(source: DataSource, progress: Progress, signal: AbortSignal): Promise<void> {
  const rows = exampleRows()
  const total = tableNames.reduce((sum, table) => sum + rows[table].length, 0)
  let written = 0
  for (const table of tableNames) {
    for (const batch of batches<Rows[TableName]>(rows[table])) {
      signal.throwIfAborted()
      // The tables are empty and numbered from 1, so no key need be read back.
      await source.createQueryBuilder().insert().into(table).values(batch).updateEntity(false).execute()
      written += batch.length
      progress(written, total)
    }
  }
}

/** A statement takes 65,535 values at most; a thousand rows keep well below. */
function batches<Row>(rows: readonly Row[]): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / 1000) }, (_, index) =>
    rows.slice(index * 1000, (index + 1) * 1000),
  )
}
