/**
 * Telling objects by their shape: duplicate copies of a package are normal, so that `instanceof` tells nothing.
 *
 * @module
 */
import { PillionError } from '../errors.js'

export function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
}

export function isFunction(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function'
}

/** An object or a function: some drivers' handles are functions with properties. */
export function isHandle(value: unknown): value is Record<PropertyKey, unknown> {
  return isObject(value) || isFunction(value)
}

/** The object is not what a host was to be made of, or no transaction of it. */
export function unknownHost(summary: string): PillionError {
  return new PillionError('HOST_UNKNOWN', summary)
}
