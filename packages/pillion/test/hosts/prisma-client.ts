/**
 * A Prisma client for the suite's `note` table, generated into a folder of its own and removed afterwards.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/** The little of a generated client that the tests use. */
export interface Prisma {
  readonly note: {
    create(input: { data: { body: string } }): PromiseLike<{ id: number; body: string }>
    findMany(): PromiseLike<{ id: number; body: string }[]>
  }
  $transaction<T>(work: (tx: Prisma) => Promise<T>, options?: { timeout?: number; maxWait?: number }): Promise<T>
  $transaction(work: readonly PromiseLike<unknown>[]): Promise<unknown[]>
  $queryRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<unknown>
  $executeRawUnsafe(sql: string): PromiseLike<number>
  $extends(extension: unknown): Prisma
  $disconnect(): Promise<void>
}

export interface GeneratedPrisma {
  readonly PrismaClient: new (options: { adapter: unknown; log?: readonly unknown[] }) => Prisma
  remove(): Promise<void>
}

const schemaFor = (provider: string) => `
generator client {
  provider = "prisma-client-js"
  output   = "./client"
}
datasource db {
  provider = "${provider}"
}
model Note {
  id   Int    @id @default(autoincrement())
  body String
  @@map("note")
}
`

export async function generatePrisma(provider = 'postgresql'): Promise<GeneratedPrisma> {
  const temporary = fileURLToPath(new URL('../../../../.tmp/', import.meta.url))
  await mkdir(temporary, { recursive: true })
  const folder = await mkdtemp(join(temporary, 'prisma-'))
  const prisma = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build/index.js')
  await writeFile(join(folder, 'schema.prisma'), schemaFor(provider))
  await promisify(execFile)(process.execPath, [prisma, 'generate', '--schema', join(folder, 'schema.prisma')], {
    cwd: folder,
    // Generating needs no schema engine, but Prisma looks for one: any executable will do.
    env: {
      ...process.env,
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  })
  const { PrismaClient } = await import(pathToFileURL(join(folder, 'client/index.js')).href)
  return { PrismaClient, remove: () => rm(folder, { recursive: true, force: true }) }
}
