/**
 * What the triggers of a tree on PostgreSQL do. `docs/trees.md` says why it is right.
 *
 * Each link of a node to itself is that node's lock: whoever hangs something below a node shares the locks of its whole
 * path, whoever moves a node takes its lock alone. What was read is read again once it is locked, until nothing changed.
 *
 * Statements over the rows of a trigger are planned anew each time (EXECUTE), for a kept plan that suits one row ruins a
 * million and the other way round. One row by itself takes a way of its own, whose plans are kept.
 *
 * @module
 */
import type { TreeModel } from '../model.js'
import { refusalText } from '../refusal.js'
import { dollars, letters, list, literal, named, same, type TreeText, tail, treeText } from '../text.js'

/** The pieces that the functions are put together from. */
interface Pieces extends TreeText {
  readonly model: TreeModel
  /** Around a statement that is executed, and around a function's body. */
  readonly q: string
  readonly body: string
  /** `_k1, _k2`: a key; `_p1, _p2`: a pointer. As columns of `alias`, or as variables. */
  k(alias?: string): readonly string[]
  p(alias?: string): readonly string[]
  /** A node's key as one value that arrays can hold, from columns. */
  one(columns: readonly string[]): string
  /** The type of that value. */
  readonly oneType: string
  /** `_k1 bigint`: parameters, or variables. */
  readonly kTypes: readonly string[]
  readonly pTypes: readonly string[]
  /** The same as variables, which have collations. */
  readonly kVariables: readonly string[]
  readonly pVariables: readonly string[]
}

function piecesOf(model: TreeModel): Pieces {
  const text = treeText(model)
  const types = [...model.scope, ...model.key].map(({ sqlType }) => sqlType)
  const at = (letter: string) => (alias?: string) =>
    letters(letter, model).map(name => (alias === undefined ? name : `${alias}.${name}`))
  const typed = (letter: string) => letters(letter, model).map((name, i) => `${name} ${types[i]}`)
  const collated = (letter: string) =>
    typed(letter).map((each, i) => {
      const { collate } = [...model.scope, ...model.key][i] ?? {}
      return collate === undefined ? each : `${each} COLLATE ${collate}`
    })
  const single = types.length === 1
  return {
    ...text,
    model,
    q: dollars('q', model),
    body: dollars('pillion', model),
    k: at('_k'),
    p: at('_p'),
    one: columns => (single ? list(columns) : `ROW(${list(columns)})::text`),
    oneType: single ? (types[0] ?? '') : 'text',
    kTypes: typed('_k'),
    pTypes: typed('_p'),
    kVariables: collated('_k'),
    pVariables: collated('_p'),
  }
}

/** Every function, in the order in which they are made. */
export function postgresFunctions(model: TreeModel): readonly string[] {
  const pieces = piecesOf(model)
  return [
    adopt(pieces),
    move(pieces),
    onInsert(pieces),
    onUpdate(pieces),
    onDelete(pieces),
    onTruncate(pieces),
    handsOff(pieces),
    ...(model.counts ? [onLinks(pieces), rollUp(pieces)] : []),
  ]
}

/** Their names with arguments, to drop them by: the other way round. */
export function postgresFunctionNames(model: TreeModel): readonly string[] {
  const { own } = treeText(model)
  const types = list([...model.scope, ...model.key].map(({ sqlType }) => sqlType))
  return [
    ...(model.counts ? [`${own('roll_up')}()`, `${own('on_links')}()`] : []),
    `${own('hands_off')}()`,
    `${own('on_truncate')}()`,
    `${own('on_delete')}()`,
    `${own('on_update')}()`,
    `${own('on_insert')}()`,
    `${own('move')}(${types}, ${types})`,
    `${own('adopt')}(${types})`,
  ]
}

/**
 * What is called from outside, by triggers above all, runs as the owner, so that nobody needs rights on the links and no row security hides an ancestor: where the
 * owner is under it too, by FORCE ROW LEVEL SECURITY, reading fails aloud. What that calls runs as who calls it.
 */
// columns are always said of their table; whatever has no table is a variable, and a column of that name does not matter
function routine(t: Pieces, name: string, parameters: string, result: string, body: string, settings = ''): string {
  const owner =
    parameters === '' ? ' SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off' : ''
  return `CREATE OR REPLACE FUNCTION ${name}(${parameters}) RETURNS ${result}
LANGUAGE plpgsql${owner}${settings} AS ${t.body}
#variable_conflict use_variable
${body.trim()}
${t.body}`
}

/** A node's self link, which is its lock. */
const lockOf = (t: Pieces, alias: string, key: readonly string[]): string =>
  `${same(t.node(alias), key)} AND ${same(t.ancestor(alias), key)}`

/** The locks of a set of nodes, shared in the order of their keys. `ancestors` selects the keys. */
const shared = (t: Pieces, ancestors: string): string => `ARRAY(
      SELECT ${t.one(t.node('own'))}
      FROM (${ancestors}) AS a JOIN ${t.links} AS own ON ${lockOf(t, 'own', t.k('a'))}
      ORDER BY ${list(t.node('own'))} FOR SHARE OF own
    )`

/** The same nodes as they are now. */
const current = (t: Pieces, ancestors: string): string => shared(t, ancestors).replace(' FOR SHARE OF own', '')

/** The scope stands once in a link: an ancestor's is left out. */
const above = (t: Pieces, columns: readonly string[]): readonly string[] => tail(t.model, columns)

const linkColumns = (t: Pieces): string => list(t.node(), above(t, t.ancestor()), t.distance)

const linkKey = (t: Pieces): string => list(t.node(), above(t, t.ancestor()))

/** A key as an error's detail tells it. */
const told = (t: Pieces, columns: readonly string[]): string => `(${t.one(columns)})::text`

const insertInto = (t: Pieces): string => `INSERT INTO ${t.links} AS l (${linkColumns(t)})`

const cycle = (t: Pieces, keys: string): string =>
  raise(t, '23514', refusalText('TREE_CYCLE'), keys, 'Move it elsewhere, or first move what it is to be below.')

const missingParent = (t: Pieces, keys: string): string =>
  raise(t, '23503', refusalText('TREE_PARENT_MISSING'), keys, 'Insert the parent before, or in the same statement.')

const childrenLeft = (t: Pieces, keys: string): string =>
  raise(t, '23503', refusalText('TREE_CHILDREN_LEFT'), keys, 'Delete or move them before.')

/** A key that one row gives up and another takes in one statement: whose links are whose the triggers cannot tell any more. */
const keyTaken = (t: Pieces, keys: string): string =>
  raise(t, '0A000', 'A tree gives no key to another row in one statement.', keys, 'Do it in two.')

function raise(t: Pieces, state: string, message: string, keys: string, hint: string): string {
  const place = [`SCHEMA = ${literal(t.model.schema)}`, `TABLE = ${literal(t.model.table)}`]
  return `RAISE EXCEPTION ${literal(message)} USING ERRCODE = '${state}', DETAIL = ${literal('Node: ')} || ${keys}, HINT = ${literal(hint)}, CONSTRAINT = ${literal(t.model.links.name)}, ${place.join(', ')};`
}

/** A snapshot older than the locks shows a subtree as it was: nothing can be told from it. */
function currentReadsOnly({ model }: Pieces): string {
  const [allowed, needed] =
    model.isolation === 'serializable'
      ? ["'serializable'", 'SERIALIZABLE, for this tree was installed so']
      : ["'read committed', 'read uncommitted'", 'READ COMMITTED']
  return `  IF current_setting('transaction_isolation') NOT IN (${allowed}) THEN
    RAISE EXCEPTION ${literal(refusalText('TREE_ISOLATION'))}
      USING ERRCODE = '0A000', DETAIL = upper(current_setting('transaction_isolation')), HINT = ${literal(`Move nodes at ${needed}.`)};
  END IF;`
}

const insertsAnywhere = (t: Pieces): string => (t.model.isolation === 'serializable' ? currentReadsOnly(t) : '')

const record = (t: Pieces, row: string): string => `${named(t.key(row), t.k())}, ${named(t.pointer(row), t.p())}`

const noParent = (t: Pieces, p: readonly string[]): string =>
  above(t, p)
    .map(each => `${each} IS NULL`)
    .join(' OR ')

/** Variables, one a line. */
const declared = (variables: readonly string[]): string => variables.map(each => `  ${each};`).join('\n')

/** Those of `linking`, beside the node's key. */
const linkVariables = (t: Pieces): readonly string[] => [
  ...t.pVariables,
  `_locked ${t.oneType}[]`,
  `_before ${t.oneType}[]`,
  `_linked ${t.oneType}[]`,
  '_linked_before boolean',
  '_adopted boolean',
]

/** Where `lockedWith` goes. */
const lockedInto = (t: Pieces): string => list(t.p(), '_linked_before', '_locked')

/** The columns of one node of the table, `n`: its pointer, whether it has links, and the locks of its path, shared. */
const lockedWith = (t: Pieces): string => `${list(t.pointer('n'))},
      -- asked for once: ON CONFLICT would ask for each link, and takes as long as all the rest of them
      EXISTS (SELECT FROM ${t.links} AS l WHERE ${same(t.node('l'), t.key('n'))}),
      ${shared(t, pathOf(t, t.pointer('n')))}`

const pathOf = (t: Pieces, node: readonly string[]): string =>
  `SELECT ${named(t.ancestor('path'), t.k())} FROM ${t.links} AS path WHERE ${same(t.node('path'), node)}`

/** Links one node below its parent: `_k1`, and what `lockedWith` has found of it. */
function linking(t: Pieces): string {
  const path = `FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}`
  return `  IF ${same(t.k(), t.p())} THEN
    ${cycle(t, told(t, t.k()))}
  END IF;
  _adopted := ${noParent(t, t.p())};
  LOOP
    IF _linked_before THEN
      DELETE FROM ${t.links} AS l WHERE ${same(t.node('l'), t.k())};
    END IF;
    WITH made AS (
      ${insertInto(t)}
      SELECT ${list(t.k(), above(t, t.ancestor('path')))}, path.${t.distance} + 1 ${path}
      UNION ALL SELECT ${list(t.k(), above(t, t.k()))}, 0
      RETURNING ${t.one(t.ancestor('l'))} AS one, l.${t.distance} AS far
    )
    SELECT array_agg(made.one) FILTER (WHERE made.far > 0) INTO _linked FROM made;
    EXIT WHEN _linked <@ _locked OR (_linked IS NULL AND _adopted);
    -- another path by now; or a parent without links, which is yet to get them, or gone
    IF _linked IS NULL THEN
      PERFORM ${t.own('adopt')}(${list(t.p())});
      _adopted := true;
    ELSE
${unlessWrong(t)}
    END IF;
    _locked := ${shared(t, pathOf(t, t.p()))};
    _linked_before := true;
  END LOOP;`
}

/** What is on a path for the second time and has no lock will never have one. */
const unlessWrong = (t: Pieces): string => `      IF _locked = _before THEN
        ${raise(t, 'XX001', refusalText('TREE_LINKS_WRONG'), told(t, t.k()), 'Mend them: pillion tree rebuild.')}
      END IF;
      _before := _locked;`

/** Links a node that is in the table already, and its ancestors first: rows of a statement whose own trigger is still to come. */
function adopt(t: Pieces): string {
  const absent = t.model.pointer === 'unchecked' ? missingParent(t, told(t, t.k())) : 'RETURN;'
  return routine(
    t,
    t.own('adopt'),
    list(t.kTypes),
    'void',
    `
DECLARE
${declared(linkVariables(t))}
BEGIN
  SELECT ${lockedWith(t)}
  INTO ${lockedInto(t)} FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k())};
  IF NOT FOUND THEN
    ${absent}
  END IF;
${linking(t)}
END`,
  )
}

/** Moves one node, with all that is below it. Most nodes are leaves: one has but a path to change, by plans that are kept. */
function move(t: Pieces): string {
  const old = `FROM ${t.links} AS old WHERE ${same(t.node('old'), t.k())} AND old.${t.distance} > 0`
  const path = `FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p())}`
  const paths = `SELECT ${named(t.ancestor('old'), t.k())} ${old} UNION SELECT ${list(t.ancestor('path'))} ${path}`
  // by its name: a column there cannot be said of its table, and might be called as a variable is
  const nearer = `ON CONFLICT ON CONSTRAINT ${t.bare('pkey')} DO UPDATE SET ${t.distance} = excluded.${t.distance}
    WHERE l.${t.distance} <> excluded.${t.distance}`
  const notAbove = (ancestor: readonly string[]): string =>
    `NOT EXISTS (SELECT FROM ${t.links} AS a WHERE ${same(t.node('a'), t.p())} AND ${same(t.ancestor('a'), ancestor)})`
  return routine(
    t,
    t.own('move'),
    list(t.kTypes, t.pTypes),
    'void',
    `
DECLARE
  _locked ${t.oneType}[];
  _before ${t.oneType}[];
  _adopted boolean := ${noParent(t, t.p())};
  _settled boolean;
  _there boolean;
  _circular boolean;
  _leaf boolean;
BEGIN
${currentReadsOnly(t)}
  UPDATE ${t.links} AS own SET ${t.distance} = 0 WHERE ${lockOf(t, 'own', t.k())};
  IF NOT FOUND THEN
    PERFORM ${t.own('adopt')}(${list(t.k())});
    RETURN;
  END IF;
  LOOP
    _locked := ${shared(t, paths)};
    SELECT coalesce(bool_and(${t.one(t.ancestor('path'))} = ANY (_locked)), true)
        AND NOT EXISTS (SELECT ${old} AND NOT ${t.one(t.ancestor('old'))} = ANY (_locked)),
      coalesce(bool_or(${same(t.ancestor('path'), t.p())}), false),
      coalesce(bool_or(${same(t.ancestor('path'), t.k())}), false),
      NOT EXISTS (SELECT FROM ${t.links} AS d WHERE ${same(t.ancestor('d'), t.k())} AND NOT (${same(t.node('d'), t.k())}))
    INTO _settled, _there, _circular, _leaf ${path};
    EXIT WHEN _settled AND (_there OR _adopted);
    -- another path by now; or a parent without links, which is yet to get them, or gone
    IF _settled THEN
      PERFORM ${t.own('adopt')}(${list(t.p())});
      _adopted := true;
    ELSE
${unlessWrong(t)}
    END IF;
  END LOOP;
  IF _circular THEN
    ${cycle(t, told(t, t.k()))}
  END IF;
  IF _leaf THEN
    ${insertInto(t)}
    SELECT ${list(t.k(), above(t, t.ancestor('path')))}, path.${t.distance} + 1 ${path}
    ${nearer};
    DELETE FROM ${t.links} AS l WHERE ${same(t.node('l'), t.k())} AND l.${t.distance} > 0 AND ${notAbove(t.ancestor('l'))};
    RETURN;
  END IF;
  ${insertInto(t)}
  SELECT ${list(t.node('d'), above(t, t.ancestor('a')))}, d.${t.distance} + a.${t.distance} + 1
  FROM ${t.links} AS d CROSS JOIN ${t.links} AS a
  WHERE ${same(t.ancestor('d'), t.k())} AND ${same(t.node('a'), t.p())}
  ${nearer};
  DELETE FROM ${t.links} AS l USING ${t.links} AS d, ${t.links} AS old
  WHERE ${same(t.ancestor('d'), t.k())} AND ${same(t.node('l'), t.node('d'))}
    AND ${same(t.node('old'), t.k())} AND old.${t.distance} > 0 AND ${same(t.ancestor('l'), t.ancestor('old'))}
    AND ${notAbove(t.ancestor('old'))};
END`,
  )
}

/** Looked at once their locks are held, for they may have gone while we waited. Where there is a foreign key it has seen to that. */
function parentsThere(t: Pieces, rows: string): string {
  if (t.model.pointer !== 'unchecked') return ''
  return `  EXECUTE ${t.q}
    SELECT ${t.one(t.k('r'))} FROM (${rows}) AS r
    WHERE NOT (${noParent(t, t.p('r'))}) AND NOT EXISTS (SELECT FROM ${t.table} AS p WHERE ${same(t.key('p'), t.p('r'))}) LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${missingParent(t, '_wrong::text')}
  END IF;`
}

/** The rows of a statement as they are by now: triggers of others, on each row, have run in between and may have changed them. */
const asTheyAre = (t: Pieces): string => `new_rows AS _i JOIN ${t.table} AS n ON ${same(t.key('n'), t.key('_i'))}`

/** The same of a single row, whose key is in variables. What is not there any more was seen to by the trigger of its going. */
const pointerAsItIs = (
  t: Pieces,
  k: readonly string[],
  p: readonly string[],
): string => `SELECT ${list(t.pointer('n'))} INTO ${list(p)} FROM ${t.table} AS n WHERE ${same(t.key('n'), k)};
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;`

function onInsert(t: Pieces): string {
  const row = asTheyAre(t)
  const paths = `SELECT DISTINCT ${named(t.ancestor('path'), t.k())} FROM (SELECT DISTINCT ${named(t.pointer('n'), t.p())} FROM ${row}) AS p
      JOIN ${t.links} AS path ON ${same(t.node('path'), t.p('p'))}`
  const one = `  IF NOT _more THEN
    SELECT ${lockedWith(t)}
    INTO ${lockedInto(t)} FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k())};
    IF NOT FOUND THEN
      RETURN NULL;
    END IF;
${linking(t)}
    RETURN NULL;
  END IF;`
  const orphans = `
  FOR _row IN EXECUTE ${t.q}
    SELECT ${record(t, 'c')} FROM ${row} JOIN ${t.table} AS c ON ${same(t.pointer('c'), t.key('n'))}
    WHERE NOT EXISTS (SELECT FROM ${t.links} AS l WHERE ${same(t.node('l'), t.key('c'))} AND ${same(t.ancestor('l'), t.key('n'))})
      AND EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.key('c'))})
  ${t.q} LOOP
    PERFORM ${t.own('move')}(${list(t.k('_row'), t.p('_row'))});
  END LOOP;`
  return routine(
    t,
    t.own('on_insert'),
    '',
    'trigger',
    `
DECLARE
${declared([...t.kVariables, ...linkVariables(t)])}
  _more boolean;
  _row record;
  _found ${t.oneType}[];
  _wrong ${t.oneType};
BEGIN
${insertsAnywhere(t)}
  IF current_setting('pillion.tree', true) = 'load' THEN
    RETURN NULL;
  END IF;
  SELECT ${list(t.key('n'))}, EXISTS (SELECT FROM new_rows OFFSET 1) INTO ${list(t.k())}, _more FROM new_rows AS n LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
${t.model.pointer === 'deferred' ? '' : one}
  FOR _row IN EXECUTE ${t.q}
    SELECT DISTINCT ${named(t.pointer('n'), t.p())} FROM ${row}
    WHERE ${t.isChild('n')} AND NOT EXISTS (SELECT FROM new_rows AS i WHERE ${same(t.key('i'), t.pointer('n'))})
      AND NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.pointer('n'))})
  ${t.q} LOOP
    PERFORM ${t.own('adopt')}(${list(t.p('_row'))});
  END LOOP;
  LOOP
    EXECUTE ${t.q}SELECT ${shared(t, paths)}${t.q} INTO _locked;
    EXECUTE ${t.q}SELECT ${current(t, paths)}${t.q} INTO _found;
    EXIT WHEN _locked IS NOT DISTINCT FROM _found;
  END LOOP;
${parentsThere(t, `SELECT ${record(t, 'n')} FROM ${row}`)}
  EXECUTE ${t.q}
    WITH RECURSIVE fresh AS (SELECT ${record(t, 'n')} FROM ${row}),
    made (${list(t.k(), t.p(), '_far')}) AS (
      SELECT ${list(t.k('f'))}, v.* FROM fresh AS f CROSS JOIN LATERAL (
        SELECT ${list(t.ancestor('path'))}, path.${t.distance} + 1 FROM ${t.links} AS path WHERE ${same(t.node('path'), t.p('f'))}
        UNION ALL SELECT ${list(t.k('f'))}, 0
      ) AS v WHERE NOT EXISTS (SELECT FROM fresh AS i WHERE ${same(t.k('i'), t.p('f'))})
      UNION ALL
      SELECT ${list(t.k('f'))}, v.* FROM made AS m JOIN fresh AS f ON ${same(t.p('f'), t.k('m'))} CROSS JOIN LATERAL (
        SELECT ${list(t.p('m'))}, m._far + 1
        UNION ALL SELECT ${list(t.k('f'))}, 0 WHERE m._far = 0
      ) AS v
    )
    ${insertInto(t)}
    SELECT ${list(t.k('made'), above(t, t.p('made')))}, made._far FROM made ON CONFLICT DO NOTHING
  ${t.q};
  EXECUTE ${t.q}
    SELECT ${t.one(t.key('n'))} FROM ${row} WHERE NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.key('n'))}) LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${cycle(t, '_wrong::text')}
  END IF;${t.model.pointer === 'deferred' ? orphans : ''}
  RETURN NULL;
END`,
  )
}

function onUpdate(t: Pieces): string {
  const changed = (
    rows: string,
    row: string,
  ): string => `SELECT ${record(t, 'n')} FROM ${rows} LEFT JOIN old_rows AS o ON ${same(t.key('o'), t.key(row))}
      WHERE ${t.key('o')[0]} IS NULL OR ROW(${list(t.pointer('o'))}) IS DISTINCT FROM ROW(${list(t.pointer(row))})`
  const moved = `moved AS (
      ${changed(asTheyAre(t), '_i')}
    )`
  const gone = `SELECT ${named(t.key('o'), t.k())} FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE ${same(t.key('n'), t.key('o'))})`
  const up = `up (${list(t.k(), t.p())}) AS (
      SELECT ${list(t.k('m'), t.p('m'))} FROM moved AS m
      UNION SELECT ${list(t.key('n'), t.pointer('n'))} FROM up JOIN ${t.table} AS n ON ${same(t.key('n'), t.p('up'))}
    )`
  const paths = `WITH RECURSIVE ${moved}, ${up}
      SELECT ${list(t.k('up'))} FROM up
      UNION SELECT ${list(t.ancestor('l'))} FROM moved AS m JOIN ${t.links} AS l ON ${same(t.node('l'), t.k('m'))}
      UNION SELECT ${list(t.ancestor('l'))} FROM (${gone}) AS g JOIN ${t.links} AS l ON ${same(t.node('l'), t.k('g'))}`
  // the nearest moved node above: what lies between keeps its links, whatever else moved
  const segments = `segment AS (
      SELECT DISTINCT ON (${list(t.node('l'))}) ${named(t.node('l'), t.k())}, ${named(t.k('m'), t.p())}, l.${t.distance} AS _far
      FROM moved AS m JOIN ${t.links} AS l ON ${same(t.ancestor('l'), t.k('m'))}
      ORDER BY ${list(t.node('l'))}, l.${t.distance}
    )`
  return routine(
    t,
    t.own('on_update'),
    '',
    'trigger',
    `
DECLARE
  _old record;
  _new record;
  _locked ${t.oneType}[];
  _found ${t.oneType}[];
  _wrong ${t.oneType};
  _changed boolean;
BEGIN
  SELECT ${record(t, 'n')}, EXISTS (SELECT FROM new_rows OFFSET 1) AS _more INTO _new FROM new_rows AS n LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF NOT _new._more THEN
    SELECT ${record(t, 'o')} INTO _old FROM old_rows AS o;
    IF ${same(t.k('_old'), t.k('_new'))} THEN
      IF ROW(${list(t.p('_old'))}) IS DISTINCT FROM ROW(${list(t.p('_new'))}) THEN
        ${pointerAsItIs(t, t.k('_new'), t.p('_old'))}
        PERFORM ${t.own('move')}(${list(t.k('_new'), t.p('_old'))});
      END IF;
      RETURN NULL;
    END IF;
  END IF;
  EXECUTE ${t.q}SELECT EXISTS (${changed('new_rows AS n', 'n')})${t.q} INTO _changed;
  IF NOT _changed THEN
    RETURN NULL;
  END IF;
${currentReadsOnly(t)}
  EXECUTE ${t.q}
    WITH ${moved}, locked AS (
      SELECT ${named(t.node('own'), t.k())} FROM ${t.links} AS own JOIN moved AS m ON ${lockOf(t, 'own', t.k('m'))} ORDER BY ${list(t.node('own'))} FOR UPDATE OF own
    )
    UPDATE ${t.links} AS own SET ${t.distance} = 0 FROM locked AS m WHERE ${lockOf(t, 'own', t.k('m'))}
  ${t.q};
  FOR _new IN EXECUTE ${t.q}
    WITH ${moved} SELECT DISTINCT ${list(t.p('m'))} FROM moved AS m
    WHERE NOT (${noParent(t, t.p('m'))}) AND NOT EXISTS (SELECT FROM new_rows AS i WHERE ${same(t.key('i'), t.p('m'))})
      AND NOT EXISTS (SELECT FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.p('m'))})
  ${t.q} LOOP
    PERFORM ${t.own('adopt')}(${list(t.p('_new'))});
  END LOOP;
  LOOP
    EXECUTE ${t.q}SELECT ${shared(t, paths)}${t.q} INTO _locked;
    EXECUTE ${t.q}SELECT ${current(t, paths)}${t.q} INTO _found;
    EXIT WHEN _locked IS NOT DISTINCT FROM _found;
  END LOOP;
${parentsThere(t, `WITH ${moved} SELECT * FROM moved`)}
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, walk (${list(t.k(), t.p())}) AS (
      SELECT ${list(t.k('m'), t.p('m'))} FROM moved AS m
      UNION SELECT ${list(t.k('w'), t.pointer('n'))} FROM walk AS w JOIN ${t.table} AS n ON ${same(t.key('n'), t.p('w'))}
    )
    SELECT ${t.one(t.k('w'))} FROM walk AS w WHERE ${same(t.k('w'), t.p('w'))} LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${cycle(t, '_wrong::text')}
  END IF;
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, ${segments}, ${recursivePath(t)}
    ${insertInto(t)}
    SELECT ${list(t.k('s'), above(t, t.p('a')))}, s._far + a._far
    FROM segment AS s JOIN path AS a ON ${same(t.k('a'), t.p('s'))}
    UNION ALL
    SELECT ${list(t.k('a'), above(t, t.p('a')))}, a._far FROM path AS a
    WHERE NOT EXISTS (SELECT FROM segment AS s WHERE ${same(t.k('s'), t.k('a'))})
    UNION ALL
    SELECT ${list(t.k('m'), above(t, t.k('m')))}, 0 FROM moved AS m
    ON CONFLICT (${linkKey(t)}) DO UPDATE SET ${t.distance} = excluded.${t.distance}
    WHERE l.${t.distance} <> excluded.${t.distance}
  ${t.q};
  EXECUTE ${t.q}
    WITH RECURSIVE ${moved}, ${segments}, ${recursivePath(t)}
    DELETE FROM ${t.links} AS l USING segment AS s, ${t.links} AS old
    WHERE ${same(t.node('l'), t.k('s'))} AND ${same(t.node('old'), t.p('s'))} AND old.${t.distance} > 0 AND ${same(t.ancestor('l'), t.ancestor('old'))}
      AND NOT EXISTS (SELECT FROM path AS a WHERE ${same(t.k('a'), t.p('s'))} AND ${same(t.p('a'), t.ancestor('old'))})
  ${t.q};
  EXECUTE ${t.q}SELECT ${t.one(t.k('g'))} FROM (${gone}) AS g JOIN ${t.table} AS n ON ${same(t.key('n'), t.k('g'))} LIMIT 1${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${keyTaken(t, '_wrong::text')}
  END IF;
  EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING (${gone}) AS g WHERE ${same(t.node('l'), t.k('g'))}${t.q};
  EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING (${gone}) AS g WHERE ${same(t.ancestor('l'), t.k('g'))}${t.q};
${
  t.model.pointer === 'unchecked'
    ? `  EXECUTE ${t.q}
    SELECT ${t.one(t.key('c'))} FROM (${gone}) AS g JOIN ${t.table} AS c ON ${same(t.pointer('c'), t.k('g'))} LIMIT 1
  ${t.q} INTO _wrong;
  IF _wrong IS NOT NULL THEN
    ${missingParent(t, '_wrong::text')}
  END IF;`
    : ''
}
  RETURN NULL;
END`,
  )
}

/** Of each moved node every ancestor that it has now, by the pointers. */
function recursivePath(t: Pieces): string {
  const next = letters('_n', t.model)
  return `path (${list(t.k(), t.p(), next)}, _far) AS (
      SELECT ${list(t.k('m'), t.key('n'), t.pointer('n'))}, 1 FROM moved AS m JOIN ${t.table} AS n ON ${same(t.key('n'), t.p('m'))}
      UNION ALL SELECT ${list(t.k('a'), t.key('n'), t.pointer('n'))}, a._far + 1
      FROM path AS a JOIN ${t.table} AS n ON ${same(
        t.key('n'),
        next.map(each => `a.${each}`),
      )}
    )`
}

function onDelete(t: Pieces): string {
  const ancestors = (condition: string): string =>
    `SELECT DISTINCT ${named(t.ancestor('l'), t.k())} FROM ${condition} AND l.${t.distance} > 0`
  const one = ancestors(`${t.links} AS l WHERE ${same(t.node('l'), t.k('_old'))}`)
  const many = ancestors(
    `old_rows AS o JOIN ${t.links} AS l ON ${same(t.node('l'), t.key('o'))}
      WHERE NOT EXISTS (SELECT FROM old_rows AS p WHERE ${same(t.key('p'), t.pointer('o'))})`,
  )
  const lock = (paths: string): string => `
    _locked := ${shared(t, paths)};
    _found := ${current(t, paths)};`
  const unchecked = t.model.pointer === 'unchecked'
  return routine(
    t,
    t.own('on_delete'),
    '',
    'trigger',
    `
DECLARE
  _old record;
  _locked ${t.oneType}[];
  _found ${t.oneType}[];
  _wrong ${t.oneType};
  _taken ${t.oneType};
BEGIN
${unchecked ? currentReadsOnly(t) : insertsAnywhere(t)}
  SELECT ${record(t, 'o')}, EXISTS (SELECT FROM old_rows OFFSET 1) AS _more INTO _old FROM old_rows AS o LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF NOT _old._more THEN
    PERFORM FROM ${t.links} AS own WHERE ${lockOf(t, 'own', t.k('_old'))} FOR UPDATE;
    LOOP${lock(one)}
      EXIT WHEN _locked IS NOT DISTINCT FROM _found;
    END LOOP;
${unchecked ? `    SELECT ${t.one(t.key('c'))} INTO _wrong FROM ${t.table} AS c WHERE ${same(t.pointer('c'), t.k('_old'))} LIMIT 1;` : ''}
    IF EXISTS (SELECT FROM ${t.table} AS n WHERE ${same(t.key('n'), t.k('_old'))}) THEN
      ${keyTaken(t, told(t, t.k('_old')))}
    END IF;
    DELETE FROM ${t.links} AS l WHERE ${same(t.node('l'), t.k('_old'))};
    DELETE FROM ${t.links} AS l WHERE ${same(t.ancestor('l'), t.k('_old'))};
  ELSE
    EXECUTE ${t.q}
      SELECT FROM ${t.links} AS own JOIN old_rows AS o ON ${lockOf(t, 'own', t.key('o'))} ORDER BY ${list(t.node('own'))} FOR UPDATE OF own
    ${t.q};
    LOOP
      EXECUTE ${t.q}SELECT ${shared(t, many)}${t.q} INTO _locked;
      EXECUTE ${t.q}SELECT ${current(t, many)}${t.q} INTO _found;
      EXIT WHEN _locked IS NOT DISTINCT FROM _found;
    END LOOP;
${
  unchecked
    ? `    EXECUTE ${t.q}SELECT ${t.one(t.key('c'))} FROM old_rows AS o JOIN ${t.table} AS c ON ${same(t.pointer('c'), t.key('o'))} LIMIT 1${t.q} INTO _wrong;`
    : ''
}
    EXECUTE ${t.q}SELECT ${t.one(t.key('o'))} FROM old_rows AS o JOIN ${t.table} AS n ON ${same(t.key('n'), t.key('o'))} LIMIT 1${t.q} INTO _taken;
    IF _taken IS NOT NULL THEN
      ${keyTaken(t, '_taken::text')}
    END IF;
    EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING old_rows AS o WHERE ${same(t.node('l'), t.key('o'))}${t.q};
    EXECUTE ${t.q}DELETE FROM ${t.links} AS l USING old_rows AS o WHERE ${same(t.ancestor('l'), t.key('o'))}${t.q};
  END IF;
  IF _wrong IS NOT NULL THEN
    ${childrenLeft(t, '_wrong::text')}
  END IF;
  RETURN NULL;
END`,
  )
}

function onTruncate(t: Pieces): string {
  return routine(
    t,
    t.own('on_truncate'),
    '',
    'trigger',
    `
BEGIN
  TRUNCATE ${list(t.links, t.model.counts ? [t.counts, t.deltas] : [])};
  RETURN NULL;
END`,
  )
}

/** What others write into the links: a restore's rows are passed over, for the triggers have made them; the rest is refused. A rebuild and a load may. */
function handsOff(t: Pieces): string {
  return routine(
    t,
    t.own('hands_off'),
    '',
    'trigger',
    `
BEGIN
  IF current_setting('pillion.tree', true) IN ('rebuild', 'load') THEN
    RETURN NEW;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    RAISE EXCEPTION ${literal(refusalText('TREE_LINKS_KEPT'))} USING ERRCODE = '55000',
      HINT = ${literal(`Change ${t.model.table}; to mend the links: pillion tree rebuild.`)};
  END IF;
  RETURN NULL;
END`,
  )
}

/** Counts are those of links that came and went. Deltas are appended, so that nobody waits for the root. */
function onLinks(t: Pieces): string {
  const sum = (sign: string, rows: string): string => `INSERT INTO ${t.deltas} (${list(t.ancestor())}, n)
    SELECT ${list(t.ancestor('l'))}, ${sign}count(*) FROM ${rows} AS l WHERE l.${t.distance} > 0 GROUP BY ${list(t.ancestor('l'))};`
  return routine(
    t,
    t.own('on_links'),
    '',
    'trigger',
    `
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${sum('', 'new_links')}
  ELSE
    ${sum('-', 'old_links')}
  END IF;
  RETURN NULL;
END`,
  )
}

/** Adds the deltas up into the counts. Run it as often as you like, by as many as like. */
function rollUp(t: Pieces): string {
  return routine(
    t,
    t.own('roll_up'),
    '',
    'void',
    `
BEGIN
  WITH gone AS (DELETE FROM ${t.deltas} RETURNING *)
  INSERT INTO ${t.counts} AS c (${list(t.ancestor())}, n)
  SELECT ${list(t.ancestor('g'))}, sum(g.n) FROM gone AS g GROUP BY ${list(t.ancestor('g'))} ORDER BY ${list(t.ancestor('g'))}
  ON CONFLICT (${list(t.ancestor())}) DO UPDATE SET n = c.n + excluded.n;
  DELETE FROM ${t.counts} WHERE n = 0;
END`,
    // counts that others write are passed over
    ` SET pillion.tree = 'rebuild'`,
  )
}
