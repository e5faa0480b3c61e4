// A regression: a bundle of CommonJS, where a module has no URL, ended when it was loaded; and in a bundle of modules an error named a
// line of pillion's own as that of the query.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
let built: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pillion-bundled-'))
  built = await readFile(new URL('../../dist/errors.js', import.meta.url), 'utf8')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const application = `
function mine() { return new PillionError('NO_ROW', 'none') }
console.log(mine().code, mine().origin)
`

/** As bundlers do, all in one file; those of CommonJS put an empty object in the place of what only a module has. */
const bundles = {
  'app.mjs': (module: string) => `${module}${application}`,
  'app.cjs': (module: string) =>
    `${module.replaceAll('import.meta', '({})').replaceAll(/^export /gm, '')}${application}`,
}

test.each(['app.mjs', 'app.cjs'] as const)(
  'in a bundle, %s, an error has no line rather than a wrong one',
  async name => {
    await writeFile(join(folder, name), bundles[name](built))
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, name)])
    expect(stdout).toBe('NO_ROW undefined\n')
  },
)
