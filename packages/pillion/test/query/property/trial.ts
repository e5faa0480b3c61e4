/**
 * How laws are tried: over random tables, several random things on each.
 *
 * @module
 */
import fc from 'fast-check'
import { expect } from 'vitest'
import type { Arena } from './arena/arena.js'
import { tables } from './data.js'
import { heldLiterals, heldTables, type Manner } from './manner.js'
import type { Tables } from './small-world.js'

/** What must hold of a thing, over the tables that the database is filled with. */
export type Law<T> = (thing: T, data: Tables, manner: Manner) => Promise<void> | void

const factor = Number(process.env['PILLION_PROPERTY_RUNS'] ?? 1)
const seed = process.env['PILLION_PROPERTY_SEED']
const path = process.env['PILLION_PROPERTY_PATH']

/** Milliseconds a test may take: a failure is made small for as long as half of it, and a law that has not been tried by then fails. */
export const patience = 240_000 * factor

/**
 * Holds of all things. `PILLION_PROPERTY_RUNS` multiplies how many are tried; `PILLION_PROPERTY_SEED` and
 * `PILLION_PROPERTY_PATH` are those of a failure, to see it again: without the path all runs before it are done first.
 */
export function always<T>(arena: Arena, things: fc.Arbitrary<T>, law: Law<T>, times = 120): Promise<void> {
  return fc.assert(lawful(arena, things, law), {
    numRuns: Math.ceil(times * factor),
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path, endOnFailure: true }),
    interruptAfterTimeLimit: patience / 2,
    markInterruptAsFailure: true,
  })
}

/**
 * The negative control: of some thing it does not hold, and the reason is an expectation, not an accident. It looks at
 * the same things in every run, so that it finds one always or never.
 */
export async function notAlways<T>(arena: Arena, things: fc.Arbitrary<T>, law: Law<T>, times = 1500): Promise<void> {
  const found = await fc.check(lawful(arena, things, law), { numRuns: times, endOnFailure: true, seed: 1 })
  expect(found.failed, 'no counter-example was found').toBe(true)
  expect((found.errorInstance as Error).name, String(found.errorInstance)).toBe('AssertionError')
}

function lawful<T>(arena: Arena, things: fc.Arbitrary<T>, law: Law<T>) {
  const several = fc.array(things, { minLength: 1, maxLength: 4, size: 'max' })
  return fc.asyncProperty(tables, several, async (data, list) => {
    const { manner } = arena
    const held = heldTables(data, manner)
    await arena.fill(held)
    for (const thing of list) await law(heldLiterals(thing, manner), held, manner)
  })
}

/** Rows without regard to their order. */
export function bag(rows: readonly unknown[]): readonly string[] {
  return rows.map(show).sort()
}

/** Rows in their order. */
export function sequence(rows: readonly unknown[]): readonly string[] {
  return rows.map(show)
}

function show(row: unknown): string {
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}
