/**
 * How values read on a page.
 *
 * @module
 */
import type { Status } from '../rows.js'

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })
const number = new Intl.NumberFormat('en')

export const inDigits = (value: number) => number.format(value)

/** A day, or that there is none. */
export function Day({ at }: { readonly at: Date | null }) {
  return at === null ? (
    <span class="quiet">not scheduled</span>
  ) : (
    <time datetime={at.toISOString()}>{day.format(at)}</time>
  )
}

/** One to ten, or that there is none. */
export function Rating({ value }: { readonly value: number | null }) {
  if (value === null)
    return (
      <span class="rating none" title="not rated">
        –<span class="unseen"> not rated</span>
      </span>
    )
  return <span class={`rating ${value >= 8 ? 'high' : value >= 4 ? 'middle' : 'low'}`}>{value}</span>
}

export function StatusName({ of }: { readonly of: Status }) {
  return <span class={`status ${of}`}>{of}</span>
}
