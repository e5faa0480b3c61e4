/**
 * What a value of a type looks like, where its TypeScript type does not tell: for the errors about one that does not.
 *
 * @module
 */
import type { DataType } from '../schema/model.js'

const wholes = 'A whole number of its range. What came as text is a number by Number(…), and NaN is none.'

const forms: Readonly<Record<string, string | undefined>> = {
  int2: wholes,
  int4: wholes,
  int53: wholes,
  date: "A day, as '2026-01-31'. Of a Date take the day in the time zone that you mean.",
  timestamp:
    "The time on the wall, as '2026-01-31 12:00:00', without Z or an offset: of a Date that was stored as UTC it is date.toISOString().slice(0, -1).",
  timestamptz: "A Date, or text with an offset, as '2026-01-31T12:00:00Z'.",
  time: "A time of the day, as '12:00:00'.",
  uuid: "Text, as '2f1c6f0e-9d0b-4a55-8a5b-6f3d2c1b0a99'. Look at what comes from outside before.",
  numeric: "A number, or the text of one, as '12.50'.",
}

export function formOf(type: DataType): string | undefined {
  return type.kind === 'base' ? forms[type.name] : undefined
}
