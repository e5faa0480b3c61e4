/**
 * Methods that run in a transaction each time they are called: what a decorator of theirs is given, by ECMAScript's rules or by
 * those of `experimentalDecorators`, which came before.
 *
 * @module
 */
import { PillionError } from '../errors.js'
import { isFunction, isObject } from '../hosts/shape.js'
import type { TransactionOptions } from './options.js'

/** A method that gives a promise. */
export type TransactionalMethod = (this: never, ...args: never[]) => PromiseLike<unknown>

/** What decorates methods, static and private ones, too; getters, fields and classes are refused. */
export interface TransactionalDecorator {
  <M extends TransactionalMethod>(method: M, context: { readonly kind: 'method' }): M
  /** By `experimentalDecorators`. */
  <M extends TransactionalMethod>(target: object, name: PropertyKey, descriptor: TypedPropertyDescriptor<M>): void
}

/** Puts a function into a transaction. */
export type Wrap = (options: TransactionOptions, fn: unknown) => (...args: never[]) => Promise<unknown>

/**
 * What `transactional` gives for what it is given: a function; a decorator, for options alone; or what becomes of a method that it
 * decorates itself.
 *
 * @throws PillionError `QUERY_INVALID`
 */
export function transactionalBy(given: readonly unknown[], wrap: Wrap): unknown {
  const [first, second] = given
  if (isDecorating(given)) return decorated({}, given, wrap)
  if (given.length === 1 && isObject(first)) {
    return (...onto: readonly unknown[]) => decorated(first, onto, wrap)
  }
  return given.length === 1 ? wrap({}, first) : wrap((first === undefined ? {} : first) as TransactionOptions, second)
}

/** Three are a class's own, a name and a descriptor; two a method and its context, which no function is. */
function isDecorating({ length, 1: context }: readonly unknown[]): boolean {
  return length === 3 || (length === 2 && isObject(context) && 'kind' in context)
}

function decorated(options: TransactionOptions, onto: readonly unknown[], wrap: Wrap): unknown {
  if (onto.length === 3) return redescribed(options, onto[2], wrap)
  const [method, context] = onto
  if (!isObject(context) || context['kind'] !== 'method') throw notAMethod()
  return wrap(options, method)
}

function redescribed(options: TransactionOptions, descriptor: unknown, wrap: Wrap): object {
  if (!isObject(descriptor) || !isFunction(descriptor['value'])) throw notAMethod()
  const { value } = descriptor
  const wrapped = wrap(options, value)
  keepMetadata(value, wrapped)
  return { ...descriptor, value: wrapped }
}

/** `reflect-metadata`, where it is loaded. */
interface Metadata {
  getOwnMetadataKeys?(target: object): readonly unknown[]
  getOwnMetadata(key: unknown, target: object): unknown
  defineMetadata(key: unknown, value: unknown, target: object): void
}

/** Frameworks leave on a method what another decorator of it is to find: the route that Nest calls it by, say. */
function keepMetadata(from: object, to: object): void {
  const metadata = Reflect as unknown as Metadata
  for (const key of metadata.getOwnMetadataKeys?.(from) ?? []) {
    metadata.defineMetadata(key, metadata.getOwnMetadata(key, from), to)
  }
}

function notAMethod(): PillionError {
  return new PillionError('QUERY_INVALID', 'transactional decorates methods, and this is none.', {
    hint: 'A getter answers at once, and of a field it is the function that can be wrapped: field = tx.transactional(async () => …).',
  })
}
