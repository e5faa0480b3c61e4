import assert from 'node:assert/strict'
import { type Database, pillion } from '../../run/database.js'
import type { Capability } from '../capability.js'
import { rolledBack, type Scene, type Stage, texts } from '../stage.js'

type Root = Parameters<Database<object>['from']>[0]

/** The row of `kinds`, through reflection and query, as an application gets it. */
async function kindsRow(database: Database<object>): Promise<Record<string, unknown>> {
  const { kinds } = database.tables as Readonly<Record<string, Root>>
  return (await database.from(kinds as Root).one()) as Record<string, unknown>
}

async function decodes({ mount, words }: Stage, part: 'types' | 'arrays'): Promise<void> {
  const database = await pillion(mount.host)
  const compare = async (found: Record<string, unknown>): Promise<void> => {
    for (const [column, expected] of Object.entries(words.kinds[part])) {
      assert.deepEqual(plain(found[column]), expected, column)
    }
  }
  await compare(await kindsRow(database))
  await rolledBack(mount, async ({ target, execute }) => {
    await execute(words.elsewhere)
    await compare(await kindsRow(database.on(target)))
  })
}

async function arrives({ mount, words }: Stage): Promise<void> {
  assert.deepEqual(texts(await mount.host.run(undefined, words.given, {})), [words.received])
}

/** A Buffer is a Uint8Array, and is as good. */
function plain(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Uint8Array.from(value as Uint8Array) : value
}

const decoding = (part: 'types' | ('arrays' & Capability), name: string): Scene => ({
  name,
  needs: [part, 'transaction'],
  play: stage => decodes(stage, part),
})

export const types: readonly Scene[] = [
  decoding('types', 'each type is read as what its generated type says, in every time zone'),
  {
    name: 'values reach the server as they were given, to the last digit',
    needs: ['types'],
    play: arrives,
  },
  decoding('arrays', 'arrays and enums are read as what their generated types say, in every time zone'),
  {
    name: 'parsers that the application has replaced change nothing',
    needs: ['parsers'],
    async play(stage) {
      const restore = stage.mount.poison?.() ?? assert.fail('the fixture has no way to replace parsers')
      try {
        await arrives(stage)
        if (stage.can('types')) await decodes(stage, 'types')
        if (stage.can('arrays')) await decodes(stage, 'arrays')
      } finally {
        restore()
      }
    },
  },
]
