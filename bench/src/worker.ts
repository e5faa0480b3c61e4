/**
 * A contender's own process: `worker.js <file of contenders/> <url>`. It opens the contender, then answers requests.
 *
 * @module
 */
import { type Case, canonical, type ExecuteCase } from './cases.js'
import type { BuildVariant, Contender, ExecuteVariant, Open } from './contender.js'
import type { Answers, Checked, Greeting, Reply, Request } from './messages.js'
import { onClient } from './server.js'
import { observed } from './wire.js'

const checkedIterations = [0, 1, 2, 3, 4]

async function main(file: string, url: string): Promise<void> {
  const { open } = (await import(`./contenders/${file}.js`)) as { readonly open: Open }
  const contender = await open(url)
  const answers = answering(contender, url)
  process.on('message', (request: Request) => {
    void answers(request)
      .then(answered, failed)
      .then(send)
      .then(() => request.kind === 'close' && process.disconnect())
  })
  send({ ready: true })
}

function answering(contender: Contender, url: string): (request: Request) => Promise<Answers[Request['kind']]> {
  return async request => {
    switch (request.kind) {
      case 'variants':
        return variantsOf(contender, request.case).map(variant => variant.name)
      case 'check':
        return request.case === 'build'
          ? checkBuild(named(contender.build, request.variant), url)
          : checkExecute(contender, request.case, request.variant)
      case 'batch':
        globalThis.gc?.()
        return request.case === 'build'
          ? [timeBuild(named(contender.build, request.variant), request.first, request.count)]
          : timeExecute(named(variantsOf(contender, request.case), request.variant), request.first, request.count)
      case 'close':
        await contender.close()
        return null
    }
  }
}

function variantsOf(contender: Contender, of: 'build'): Contender['build']
function variantsOf(contender: Contender, of: ExecuteCase): readonly ExecuteVariant<unknown>[]
function variantsOf(contender: Contender, of: Case): readonly { readonly name: string }[]
function variantsOf(contender: Contender, of: Case): readonly { readonly name: string }[] {
  return of === 'build' ? contender.build : contender.execute[of]
}

function named<V extends { readonly name: string }>(variants: readonly V[], name: string): V {
  const found = variants.find(variant => variant.name === name)
  if (found === undefined) throw new Error(`no variant is named ${name}`)
  return found
}

/** Builders name and order their columns alike, so rows by position are what their statements have in common. */
async function checkBuild(variant: BuildVariant, url: string): Promise<Checked> {
  const built = checkedIterations.map(i => variant.build(i))
  const rows = await onClient(url, async client => {
    const answers: unknown[] = []
    for (const { text, values } of built) {
      const { rows } = await client.query({ text, values: [...values], rowMode: 'array' })
      answers.push(rows)
    }
    return answers
  })
  return { sql: [built[0]!.text], rows: JSON.stringify(rows) }
}

async function checkExecute<C extends ExecuteCase>(contender: Contender, of: C, name: string): Promise<Checked> {
  const variant = named(contender.execute[of], name)
  const { sql } = await observed(() => variant.check(0))
  const rows: unknown[] = []
  for (const i of checkedIterations) rows.push((await variant.check(i)).map(canonical[of]))
  return { sql, rows: JSON.stringify(rows) }
}

/** One reading over the whole batch: a single build is too short for the clock. */
function timeBuild(variant: BuildVariant, first: number, count: number): number {
  let consumed = 0
  const start = process.hrtime.bigint()
  for (let i = first; i < first + count; i++) {
    const { text, values } = variant.build(i)
    consumed += text.length + values.length
  }
  const time = process.hrtime.bigint() - start
  if (consumed === 0) throw new Error('nothing was built')
  return Number(time) / count
}

async function timeExecute(variant: ExecuteVariant<unknown>, first: number, count: number): Promise<number[]> {
  const times: number[] = []
  let consumed = 0
  for (let i = first; i < first + count; i++) {
    const start = process.hrtime.bigint()
    for (const row of await variant.run(i)) consumed += row.id
    times.push(Number(process.hrtime.bigint() - start))
  }
  if (consumed === 0) throw new Error('no rows came')
  return times
}

function answered(answer: unknown): Reply {
  return { ok: true, answer }
}

function failed(error: unknown): Reply {
  return { ok: false, error: messageOf(error) }
}

function messageOf(error: unknown): string {
  return (error as Partial<Error>).stack ?? String(error)
}

function send(message: Greeting | Reply): void {
  process.send?.(message)
}

const [file, url] = process.argv.slice(2)
try {
  await main(file!, url!)
} catch (error) {
  send({ ready: false, reason: (error as Partial<Error>).message ?? String(error) })
  process.disconnect()
}
