/**
 * Testing a host of your own, or one of pillion's on your driver: the suite that pillion's hosts pass.
 *
 * @module
 */
export { type Capability, capabilities } from './capability.js'
export { type Case, type Conformance, conformance } from './conformance.js'
export type { Counters, Fixture, HostTransaction, Mount, Observer, Wire } from './fixture.js'
