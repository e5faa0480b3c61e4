/** What the bench and a contender's process say to each other: one answer to each request, in order. @module */
import type { Case } from './cases.js'

export type Request =
  /** The names of the contender's variants of a case. */
  | { readonly kind: 'variants'; readonly case: Case }
  /** Run some iterations for their answers. */
  | { readonly kind: 'check'; readonly case: Case; readonly variant: string }
  /** Run `count` iterations from iteration `first` for their times. */
  | {
      readonly kind: 'batch'
      readonly case: Case
      readonly variant: string
      readonly first: number
      readonly count: number
    }
  | { readonly kind: 'close' }

export interface Checked {
  /** What iteration 0 sent to the driver. */
  readonly sql: readonly string[]
  /** The rows of the checked iterations, as canonical JSON. */
  readonly rows: string
}

/** Answers by kind of request. Times are nanoseconds an iteration. */
export interface Answers {
  readonly variants: readonly string[]
  readonly check: Checked
  readonly batch: readonly number[]
  readonly close: null
}

/** What a process says first: that it stands, or why it cannot. */
export type Greeting = { readonly ready: true } | { readonly ready: false; readonly reason: string }

export type Reply = { readonly ok: true; readonly answer: unknown } | { readonly ok: false; readonly error: string }
