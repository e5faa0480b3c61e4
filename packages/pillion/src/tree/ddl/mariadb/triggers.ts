/**
 * The triggers that keep the links.
 *
 * @module
 */
import type { TreeModel } from '../../model.js'
import { list, type TreeText } from '../../text.js'
import { onInsert } from './on-insert.js'
import { beforeInsert, beforeUpdate } from './before.js'
import { onDelete } from './on-delete.js'
import { onUpdate } from './on-update.js'

interface TriggerText {
  readonly name: string
  readonly body: string
  readonly create: string
}

/** Columns are always said of their table: a trigger takes what has none for its own variable, where there is one of that name. */
export function triggers(model: TreeModel, t: TreeText): readonly TriggerText[] {
  const trigger = (suffix: string, when: string, on: string, statements: string): TriggerText => {
    const body = `BEGIN\n${statements}\nEND`
    return {
      name: t.own(suffix),
      body,
      create: `CREATE OR REPLACE TRIGGER ${t.own(suffix)} ${when} ON ${on} FOR EACH ROW\n${body}`,
    }
  }
  const count = (row: string, n: number): string =>
    `  IF ${row}.${t.distance} > 0 THEN
    INSERT INTO ${t.deltas} (${list(t.ancestor())}, n) VALUES (${list(t.ancestor(row))}, ${n});
  END IF;`
  return [
    trigger('look', 'BEFORE INSERT', t.table, beforeInsert(model, t)),
    trigger('look_again', 'BEFORE UPDATE', t.table, beforeUpdate(model, t)),
    trigger('insert', 'AFTER INSERT', t.table, onInsert(model, t)),
    trigger('update', 'AFTER UPDATE', t.table, onUpdate(model, t)),
    ...onDelete(model, t).map(({ suffix, when, body }) => trigger(suffix, when, t.table, body)),
    ...(model.counts
      ? [
          trigger('count_up', 'AFTER INSERT', t.links, count('NEW', 1)),
          trigger('count_down', 'AFTER DELETE', t.links, count('OLD', -1)),
        ]
      : []),
  ]
}
