/**
 * A command line, taken apart.
 *
 * @module
 */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { explain, UsageError } from './failure.js'

type Known = NonNullable<ParseArgsConfig['options']>

type Values<Options extends Known> = ReturnType<typeof parseArgs<{ options: Options; strict: true }>>['values']

/** The values of its options; exit code 2 for what is none of them, and for what is said twice: one of both would not be heard. */
export function optionsIn<const Options extends Known>(args: readonly string[], options: Options): Values<Options> {
  const { values, tokens } = parsed(args, options)
  const names = tokens.flatMap(token => (token.kind === 'option' ? [token.name] : []))
  const twice = names.find(
    (name, i) => options[name]?.type === 'string' && !options[name].multiple && names.indexOf(name) < i,
  )
  if (twice !== undefined) throw UsageError(`--${twice} is there twice`)
  return values
}

function parsed<const Options extends Known>(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, strict: true, tokens: true })
  } catch (error) {
    throw UsageError(explain(error))
  }
}
