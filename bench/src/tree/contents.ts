/**
 * The files of every package of Debian as a tree: what `apt-file` searches, fetched by apt into a directory of the bench's
 * own. Each of its lists is a tree with a root of its own.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A node's key, and its parent's. */
export type Row = readonly [id: string, parent: string | null]

const sources = '/etc/apt/sources.list.d/debian.sources'

/** Tells apt to fetch what `apt-file` would have it fetch, and nowhere else. */
const configuration = (directory: string): string => `
Dir::State::Lists "${join(directory, 'lists')}";
Dir::Cache "${join(directory, 'cache')}";
Dir::Etc::SourceList "${sources}";
Dir::Etc::SourceParts "/dev/null";
APT::Sandbox::User "";
Acquire::IndexTargets::deb::Contents-deb {
  MetaKey "$(COMPONENT)/Contents-$(ARCHITECTURE)";
  ShortDescription "Contents-$(ARCHITECTURE)";
  Description "$(RELEASE)/$(COMPONENT) $(ARCHITECTURE) Contents";
  KeepCompressed "true";
  Identifier "Contents-deb";
};
`

/** The lists in `directory`; fetched, 50 MB, where there are none. Where there is no apt it is said. */
export async function fetchContents(directory: string): Promise<readonly string[]> {
  if (!existsSync(sources))
    throw new Error(`The lists come from a Debian mirror, and there is no ${sources}: leave --contents out.`)
  const lists = join(directory, 'lists')
  await mkdir(join(lists, 'partial'), { recursive: true })
  await mkdir(join(directory, 'cache'), { recursive: true })
  const found = async () =>
    (await readdir(lists)).filter(name => /_Contents-\w+(\.\w+)?$/.test(name)).map(name => join(lists, name))
  const there = await found()
  if (there.length > 0) return there
  const file = join(directory, 'apt.conf')
  await writeFile(file, configuration(directory))
  await new Promise<void>((resolve, reject) => {
    const apt = spawn('apt-get', ['update'], { env: { ...process.env, APT_CONFIG: file }, stdio: ['ignore', 2, 2] })
    apt.on('error', reject)
    apt.on('exit', code => (code === 0 ? resolve() : reject(new Error(`apt-get update ended with ${code}.`))))
  })
  return found()
}

/** Every directory and every file, at most `most`. A list is in order, so the way down to the last file is all that is kept. */
export async function* contentsRows(lists: readonly string[], most = Number.POSITIVE_INFINITY): AsyncGenerator<Row> {
  let id = 0
  for (const list of lists) {
    const root = ++id
    yield [String(root), null]
    let way: readonly { readonly name: string; readonly id: number }[] = []
    for await (const line of linesOf(list)) {
      const parts = line.slice(0, line.lastIndexOf(' ')).trimEnd().split('/')
      let at = 0
      while (at < parts.length - 1 && way[at]?.name === parts[at]) at++
      way = way.slice(0, at)
      for (const name of parts.slice(at)) {
        if (id >= most) return
        yield [String(++id), String(way.at(-1)?.id ?? root)]
        way = [...way, { name, id }]
      }
      way = way.slice(0, parts.length - 1)
    }
  }
}

/** Whoever reads no further, for a limit or an interrupt, ends what unpacks it: it would wait for ever to be read. */
async function* linesOf(list: string): AsyncGenerator<string> {
  // apt reads what apt has packed
  const child = spawn('/usr/lib/apt/apt-helper', ['cat-file', list], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    yield* createInterface({ input: child.stdout })
  } finally {
    child.kill()
  }
}
