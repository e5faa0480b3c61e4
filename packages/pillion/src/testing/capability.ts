/**
 * What a host can do, by name. A case of the suite needs some of them; what a fixture lacks it says with the reason.
 *
 * @module
 */

/** Each capability, and what it promises. */
export const capabilities = {
  root: 'Reads outside of any transaction.',
  prepared: 'Statements are prepared in the server under a name.',
  'bad input': 'What cannot be meant is refused by code and line before a byte is sent, and tells no value.',
  transaction: 'Ours is in the transaction it is given, sees what that wrote, and ends with it.',
  'second session': 'Another session can look on, and sees nothing of an open transaction.',
  outside: 'The root reads beside an open transaction, and sees nothing of it.',
  concurrent: 'Many transactions at once, each on one connection throughout.',
  nested: 'Nested transactions, by savepoints of the host.',
  ambient: 'The transaction that is open around the code is found without being handed over.',
  finished: 'A transaction that has ended is refused before a byte is sent.',
  'own handle': 'So is one whose connection somebody else has by now.',
  'ended by text': 'A transaction that the application ends by SQL of its own counts as ended.',
  foreign: 'A transaction of another host object is refused before a byte is sent.',
  'aborting failures': 'A failing statement spoils its transaction.',
  savepoint: '`savepoint: true` isolates a failing statement of ours.',
  counters: 'The pool is as it was after each statement.',
  wire: 'Nothing but our SELECT goes over the wire.',
  terminate: 'A connection that the server ends is lost, and replaced.',
  shutdown: 'A host that was shut down is told as such.',
  cancel: '`signal` and `timeout` stop the statement in the server.',
  stream: 'Rows in batches, the connection back however the loop ends.',
  cursor: 'The server sends no more rows than were asked for.',
  'session variables': 'What one request sets for its transaction never reaches the next.',
  parsers: 'Parsers that the application has replaced change nothing.',
  types: 'Dates, bigint, numeric, JSON, bytes, uuid and time zones decode to the generated type.',
  arrays: 'So do arrays, enums and arrays of enums.',
} as const

/** What a host can do, by name. */
export type Capability = keyof typeof capabilities
