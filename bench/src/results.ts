/** What one case came to: samples, the targets they are held to, and whether each was met. @module */
import { duration } from './duration.js'
import { median, type Rounds, ratio, type Summary, summarise } from './statistics.js'

/** One contender's variant in one case. */
export interface Line {
  readonly contender: string
  /** Empty where the contender has one way only. */
  readonly variant: string
  readonly rounds: Rounds
  readonly sql: readonly string[]
}

/** What a contender, or one variant of it, is held to: at most a share of another's time, or a time. */
export type Target = ShareTarget | TimeTarget

interface ShareTarget {
  readonly subject: string
  readonly variant?: string
  readonly against: string
  readonly atMost: number
}

interface TimeTarget {
  readonly subject: string
  readonly variant?: string
  /** Nanoseconds. */
  readonly within: number
}

export interface Measured {
  readonly id: string
  readonly title: string
  /** The contender whose best variant is 1; absent where times stand for themselves. */
  readonly baseline?: string
  readonly lines: readonly Line[]
  /** The baseline's program once more: its distance from the baseline is noise. */
  readonly control?: string
  readonly absent: readonly { readonly name: string; readonly absent: string }[]
  readonly targets: readonly Target[]
}

export interface Verdict {
  readonly claim: string
  readonly verdict: 'met' | 'missed' | 'not measured'
}

export interface Row extends Summary {
  readonly label: string
  /** How many times the baseline's time; absent where there is no baseline. */
  readonly ratio?: number
  readonly sql: readonly string[]
}

export function rowsOf({ lines, baseline }: Measured): readonly Row[] {
  const base = baseline === undefined ? undefined : best(lines, baseline)
  return lines.map(line => ({
    label: labelOf(line),
    ...summarise(line.rounds),
    ...(base && { ratio: ratio(line.rounds, base.rounds) }),
    sql: line.sql,
  }))
}

/** How far one program was from itself, as a share: closer than that, a ratio says nothing. */
export function noiseOf({ lines, baseline, control }: Measured): number | undefined {
  if (baseline === undefined || control === undefined) return undefined
  const base = best(lines, baseline)
  const again = base && best(lines, control, base.variant)
  return base && again && Math.abs(ratio(again.rounds, base.rounds) - 1)
}

/** Each target against the best variant of either side. */
export function verdictsOf({ lines, targets }: Measured): readonly Verdict[] {
  return targets.map(target => ('within' in target ? timeVerdict(lines, target) : shareVerdict(lines, target)))
}

function shareVerdict(lines: readonly Line[], target: ShareTarget): Verdict {
  const { subject, variant, against, atMost } = target
  const ours = best(lines, subject, variant)
  const theirs = best(lines, against)
  if (ours === undefined || theirs === undefined)
    return { claim: `${subject} against ${against}, target at most ${round(atMost)}`, verdict: 'not measured' }
  const measured = ratio(ours.rounds, theirs.rounds)
  return {
    claim: `${labelOf(ours)} takes ${round(measured)} of ${labelOf(theirs)}, target at most ${round(atMost)}`,
    verdict: measured <= atMost ? 'met' : 'missed',
  }
}

function timeVerdict(lines: readonly Line[], { subject, variant, within }: TimeTarget): Verdict {
  const ours = best(lines, subject, variant)
  if (ours === undefined) return { claim: `${subject}, target at most ${duration(within)}`, verdict: 'not measured' }
  const measured = summarise(ours.rounds).median
  return {
    claim: `${labelOf(ours)} takes ${duration(measured)}, target at most ${duration(within)}`,
    verdict: measured <= within ? 'met' : 'missed',
  }
}

export function labelOf({ contender, variant }: Pick<Line, 'contender' | 'variant'>): string {
  return variant === '' ? contender : `${contender} (${variant})`
}

/** A contender's fastest variant, or the one asked for. */
function best(lines: readonly Line[], contender: string, variant?: string): Line | undefined {
  return lines
    .filter(line => line.contender === contender && (variant === undefined || line.variant === variant))
    .sort((a, b) => median(a.rounds.map(median)) - median(b.rounds.map(median)))[0]
}

function round(n: number): string {
  return n.toFixed(n < 10 ? 3 : 1).replace(/\.?0+$/, '')
}
