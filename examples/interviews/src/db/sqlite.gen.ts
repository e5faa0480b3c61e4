// Written by pillion reflect. Do not edit: run it again.
import * as p from 'pillion'

export interface DepartmentRow {
  id: number
  name: string
  parentId: number | null
}
export interface Department<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly name: p.Column<string | N, S>
  readonly parentId: p.Column<number | null | N, S>
  readonly departments: p.Many<DepartmentKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly parent: Department<null, S>
}
export interface DepartmentKind extends p.Kind {
  readonly row: DepartmentRow
  readonly handle: Department<this['nullable'], this['scope']>
}

export interface DepartmentLinkRow {
  nodeId: number
  ancestorId: number
  distance: number
}
export interface DepartmentLink<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkKind, N, S> {
  readonly nodeId: p.Column<number | N, S>
  readonly ancestorId: p.Column<number | N, S>
  readonly distance: p.Column<number | N, S>
}
export interface DepartmentLinkKind extends p.Kind {
  readonly row: DepartmentLinkRow
  readonly handle: DepartmentLink<this['nullable'], this['scope']>
}

export interface DepartmentLinkLoadRow {
  n: number
}
export interface DepartmentLinkLoad<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkLoadKind, N, S> {
  readonly n: p.Column<number | N, S>
}
export interface DepartmentLinkLoadKind extends p.Kind {
  readonly row: DepartmentLinkLoadRow
  readonly handle: DepartmentLinkLoad<this['nullable'], this['scope']>
}

export interface DepartmentLinkLookedRow {
  place: number
  followed: number
}
export interface DepartmentLinkLooked<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkLookedKind, N, S> {
  /** identity, by default */
  readonly place: p.Column<number | N, S>
  readonly followed: p.Column<number | N, S>
  readonly departmentLinkLooked: DepartmentLinkLooked<N, S>
  readonly departmentLinkLookeds: p.Many<DepartmentLinkLookedKind, N, S>
}
export interface DepartmentLinkLookedKind extends p.Kind {
  readonly row: DepartmentLinkLookedRow
  readonly handle: DepartmentLinkLooked<this['nullable'], this['scope']>
}

export interface DepartmentLinkNowhereRow {
  place: number
}
export interface DepartmentLinkNowhere<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkNowhereKind, N, S> {
  /** identity, by default */
  readonly place: p.Column<number | N, S>
  readonly departmentLinkWaitings: p.Many<DepartmentLinkWaitingKind, N, S>
}
export interface DepartmentLinkNowhereKind extends p.Kind {
  readonly row: DepartmentLinkNowhereRow
  readonly handle: DepartmentLinkNowhere<this['nullable'], this['scope']>
}

export interface DepartmentLinkWaitingRow {
  _k1: number
  _p1: number | null
  place: number
}
export interface DepartmentLinkWaiting<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkWaitingKind, N, S> {
  readonly _k1: p.Column<number | N, S>
  readonly _p1: p.Column<number | null | N, S>
  /** default 1 */
  readonly place: p.Column<number | N, S>
  readonly departmentLinkNowhere: DepartmentLinkNowhere<N, S>
}
export interface DepartmentLinkWaitingKind extends p.Kind {
  readonly row: DepartmentLinkWaitingRow
  readonly handle: DepartmentLinkWaiting<this['nullable'], this['scope']>
}

export interface EvaluationRow {
  id: number
  interviewId: number
  userId: number
  rating: number
  note: string | null
  createdAt: Date
}
export interface Evaluation<N = never, S extends p.Scope = 'joined'> extends p.Handle<EvaluationKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly interviewId: p.Column<number | N, S>
  readonly userId: p.Column<number | N, S>
  readonly rating: p.Column<number | N, S>
  readonly note: p.Column<string | null | N, S>
  readonly createdAt: p.Column<Date | N, S>
  readonly interview: Interview<N, S>
  readonly user: User<N, S>
}
export interface EvaluationKind extends p.Kind {
  readonly row: EvaluationRow
  readonly handle: Evaluation<this['nullable'], this['scope']>
}

export interface InterviewRow {
  id: number
  title: string
  candidate: string
  status: string
  positionId: number
  departmentId: number
  leadId: number | null
  scheduledAt: Date | null
  createdAt: Date
}
export interface Interview<N = never, S extends p.Scope = 'joined'> extends p.Handle<InterviewKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly title: p.Column<string | N, S>
  readonly candidate: p.Column<string | N, S>
  readonly status: p.Column<string | N, S>
  readonly positionId: p.Column<number | N, S>
  readonly departmentId: p.Column<number | N, S>
  readonly leadId: p.Column<number | null | N, S>
  readonly scheduledAt: p.Column<Date | null | N, S>
  readonly createdAt: p.Column<Date | N, S>
  readonly department: Department<N, S>
  readonly evaluations: p.Many<EvaluationKind, N, S>
  readonly lead: User<null, S>
  readonly position: Position<N, S>
  readonly users: p.Many<UserKind, N, S>
}
export interface InterviewKind extends p.Kind {
  readonly row: InterviewRow
  readonly handle: Interview<this['nullable'], this['scope']>
}

export interface MembershipRow {
  teamId: number
  userId: number
}
export interface Membership<N = never, S extends p.Scope = 'joined'> extends p.Handle<MembershipKind, N, S> {
  readonly teamId: p.Column<number | N, S>
  readonly userId: p.Column<number | N, S>
  readonly team: Team<N, S>
  readonly user: User<N, S>
}
export interface MembershipKind extends p.Kind {
  readonly row: MembershipRow
  readonly handle: Membership<this['nullable'], this['scope']>
}

export interface PositionRow {
  id: number
  title: string
  teamId: number
}
export interface Position<N = never, S extends p.Scope = 'joined'> extends p.Handle<PositionKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly title: p.Column<string | N, S>
  readonly teamId: p.Column<number | N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly team: Team<N, S>
}
export interface PositionKind extends p.Kind {
  readonly row: PositionRow
  readonly handle: Position<this['nullable'], this['scope']>
}

export interface TeamRow {
  id: number
  name: string
}
export interface Team<N = never, S extends p.Scope = 'joined'> extends p.Handle<TeamKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly name: p.Column<string | N, S>
  readonly memberships: p.Many<MembershipKind, N, S>
  readonly positions: p.Many<PositionKind, N, S>
  readonly users: p.Many<UserKind, N, S>
}
export interface TeamKind extends p.Kind {
  readonly row: TeamRow
  readonly handle: Team<this['nullable'], this['scope']>
}

export interface UserRow {
  id: number
  username: string
  fullName: string
  createdAt: Date
}
export interface User<N = never, S extends p.Scope = 'joined'> extends p.Handle<UserKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly username: p.Column<string | N, S>
  readonly fullName: p.Column<string | N, S>
  readonly createdAt: p.Column<Date | N, S>
  readonly evaluations: p.Many<EvaluationKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly interviewsThroughEvaluation: p.Many<InterviewKind, N, S>
  readonly memberships: p.Many<MembershipKind, N, S>
  readonly teams: p.Many<TeamKind, N, S>
}
export interface UserKind extends p.Kind {
  readonly row: UserRow
  readonly handle: User<this['nullable'], this['scope']>
}

/** Every table and view, by its key. */
export interface DB {
  readonly department: Department
  readonly departmentLink: DepartmentLink
  readonly departmentLinkLoad: DepartmentLinkLoad
  readonly departmentLinkLooked: DepartmentLinkLooked
  readonly departmentLinkNowhere: DepartmentLinkNowhere
  readonly departmentLinkWaiting: DepartmentLinkWaiting
  readonly evaluation: Evaluation
  readonly interview: Interview
  readonly membership: Membership
  readonly position: Position
  readonly team: Team
  readonly user: User
}

/** What the file was written from: `pillion<DB>(host, { previous: catalog })` keeps its names. */
export const catalog: p.Catalog = p.parseSnapshot(`{
 "pillion": 1,
 "dialect": "sqlite",
 "version": 35302,
 "defaultSchema": "main",
 "names": "camel",
 "schemas": ["main"],
 "extensions": [],
 "tables": [
  {
   "id": "main.department",
   "schema": "main",
   "name": "department",
   "key": "department",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false},
    {"name":"parent_id","key":"parentId","position":3,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":true}
   ],
   "primaryKey": {"name":"department_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_110d56d702b0880fe9b005878e9","columns":["parent_id"],"target":"main.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_110d56d702b0880fe9b005878e","keys":[{"column":"parent_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_110d56d702b0880fe9b005878e\\" ON \\"department\\" (\\"parent_id\\")"}
   ],
   "triggers": [
    {"name":"department_link_delete","definition":"CREATE TRIGGER \\"department_link_delete\\" AFTER DELETE ON \\"department\\" WHEN EXISTS (SELECT 1 FROM \\"department_link\\" AS own WHERE own.\\"node_id\\" = OLD.\\"id\\" AND own.\\"ancestor_id\\" = OLD.\\"id\\")\\nBEGIN\\n  INSERT INTO \\"department_link_waiting\\" (_k1, _p1) SELECT d.\\"node_id\\", OLD.\\"id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = OLD.\\"id\\" AND d.\\"distance\\" = 1 ON CONFLICT DO NOTHING;\\n  DELETE FROM \\"department_link\\" WHERE (\\"node_id\\") IN (SELECT d.\\"node_id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = OLD.\\"id\\" AND d.\\"distance\\" > 0) AND (\\"ancestor_id\\") IN (SELECT a.\\"ancestor_id\\" FROM \\"department_link\\" AS a WHERE a.\\"node_id\\" = OLD.\\"id\\");\\n  DELETE FROM \\"department_link\\" WHERE \\"node_id\\" = OLD.\\"id\\";\\n  DELETE FROM \\"department_link_waiting\\" WHERE _k1 = OLD.\\"id\\";\\n  UPDATE \\"department_link_looked\\" SET place = 1 - place, followed = place WHERE EXISTS (SELECT 1 FROM \\"department_link_waiting\\");\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\" AS w JOIN \\"department\\" AS n ON n.\\"id\\" = w._k1 JOIN \\"department\\" AS p ON p.\\"id\\" = n.\\"parent_id\\") END;\\n  SELECT RAISE(ABORT, 'A node with children cannot go. (TREE_CHILDREN_LEFT) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\") END;\\nEND","enabled":"origin"},
    {"name":"department_link_insert","definition":"CREATE TRIGGER \\"department_link_insert\\" AFTER INSERT ON \\"department\\" WHEN NOT EXISTS (SELECT 1 FROM \\"department_link_load\\")\\nBEGIN\\n  SELECT RAISE(ABORT, 'A node has no key. (TREE_KEY_MISSING)') WHERE NEW.\\"id\\" IS NULL;\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE)') WHERE NEW.\\"id\\" = NEW.\\"parent_id\\";\\n  DELETE FROM \\"department_link\\" WHERE (\\"node_id\\") IN (SELECT d.\\"node_id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = NEW.\\"id\\") AND (\\"ancestor_id\\") IN (SELECT a.\\"ancestor_id\\" FROM \\"department_link\\" AS a WHERE a.\\"node_id\\" = NEW.\\"id\\" AND a.\\"distance\\" > 0);\\n  DELETE FROM \\"department_link_waiting\\" WHERE _k1 = NEW.\\"id\\";\\n  INSERT INTO \\"department_link\\" SELECT NEW.\\"id\\", NEW.\\"id\\", 0 WHERE EXISTS (SELECT 1 FROM \\"department\\" AS n WHERE n.\\"id\\" = NEW.\\"id\\") ON CONFLICT DO NOTHING;\\n  INSERT INTO \\"department_link\\" (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  SELECT d.\\"node_id\\", a.\\"ancestor_id\\", d.\\"distance\\" + a.\\"distance\\" + 1\\n  FROM \\"department_link\\" AS d CROSS JOIN \\"department_link\\" AS a\\n  WHERE d.\\"ancestor_id\\" = NEW.\\"id\\" AND a.\\"node_id\\" = NEW.\\"parent_id\\" AND NOT EXISTS (SELECT 1 FROM \\"department_link_waiting\\") AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW.\\"parent_id\\" AND l.\\"ancestor_id\\" = NEW.\\"id\\") ON CONFLICT DO NOTHING;\\n  INSERT INTO \\"department_link_waiting\\" (_k1, _p1)\\n  SELECT n.\\"id\\", n.\\"parent_id\\" FROM \\"department\\" AS n\\n  WHERE n.\\"id\\" = NEW.\\"id\\" AND ((NEW.\\"parent_id\\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW.\\"id\\" AND l.\\"ancestor_id\\" = NEW.\\"parent_id\\")) OR NOT NOT EXISTS (SELECT 1 FROM \\"department_link_waiting\\")) ON CONFLICT DO NOTHING;\\n  UPDATE \\"department_link_looked\\" SET place = 1 - place, followed = place WHERE EXISTS (SELECT 1 FROM \\"department_link_waiting\\");\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\" AS w JOIN \\"department\\" AS n ON n.\\"id\\" = w._k1 JOIN \\"department\\" AS p ON p.\\"id\\" = n.\\"parent_id\\") END;\\n  SELECT RAISE(ABORT, 'A parent is missing. (TREE_PARENT_MISSING) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\") END;\\nEND","enabled":"origin"},
    {"name":"department_link_rename","definition":"CREATE TRIGGER \\"department_link_rename\\" AFTER UPDATE OF \\"id\\", rowid, _rowid_, oid ON \\"department\\" WHEN (OLD.\\"id\\" IS NOT NEW.\\"id\\") AND EXISTS (SELECT 1 FROM \\"department_link\\" AS own WHERE own.\\"node_id\\" = OLD.\\"id\\" AND own.\\"ancestor_id\\" = OLD.\\"id\\")\\nBEGIN\\n  SELECT RAISE(ABORT, 'A node has no key. (TREE_KEY_MISSING)') WHERE NEW.\\"id\\" IS NULL;\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE)') WHERE NEW.\\"id\\" = NEW.\\"parent_id\\";\\n  INSERT INTO \\"department_link_waiting\\" (_k1, _p1) SELECT d.\\"node_id\\", OLD.\\"id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = OLD.\\"id\\" AND d.\\"distance\\" = 1 ON CONFLICT DO NOTHING;\\n  DELETE FROM \\"department_link\\" WHERE (\\"node_id\\") IN (SELECT d.\\"node_id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = OLD.\\"id\\" AND d.\\"distance\\" > 0) AND (\\"ancestor_id\\") IN (SELECT a.\\"ancestor_id\\" FROM \\"department_link\\" AS a WHERE a.\\"node_id\\" = OLD.\\"id\\");\\n  DELETE FROM \\"department_link\\" WHERE \\"node_id\\" = OLD.\\"id\\";\\n  DELETE FROM \\"department_link_waiting\\" WHERE _k1 = OLD.\\"id\\";\\n  DELETE FROM \\"department_link\\" WHERE (\\"node_id\\") IN (SELECT d.\\"node_id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = NEW.\\"id\\") AND (\\"ancestor_id\\") IN (SELECT a.\\"ancestor_id\\" FROM \\"department_link\\" AS a WHERE a.\\"node_id\\" = NEW.\\"id\\" AND a.\\"distance\\" > 0);\\n  DELETE FROM \\"department_link_waiting\\" WHERE _k1 = NEW.\\"id\\";\\n  INSERT INTO \\"department_link\\" SELECT NEW.\\"id\\", NEW.\\"id\\", 0 WHERE EXISTS (SELECT 1 FROM \\"department\\" AS n WHERE n.\\"id\\" = NEW.\\"id\\") ON CONFLICT DO NOTHING;\\n  INSERT INTO \\"department_link\\" (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  SELECT d.\\"node_id\\", a.\\"ancestor_id\\", d.\\"distance\\" + a.\\"distance\\" + 1\\n  FROM \\"department_link\\" AS d CROSS JOIN \\"department_link\\" AS a\\n  WHERE d.\\"ancestor_id\\" = NEW.\\"id\\" AND a.\\"node_id\\" = NEW.\\"parent_id\\" AND NOT EXISTS (SELECT 1 FROM \\"department_link_waiting\\") AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW.\\"parent_id\\" AND l.\\"ancestor_id\\" = NEW.\\"id\\") ON CONFLICT DO NOTHING;\\n  INSERT INTO \\"department_link_waiting\\" (_k1, _p1)\\n  SELECT n.\\"id\\", n.\\"parent_id\\" FROM \\"department\\" AS n\\n  WHERE n.\\"id\\" = NEW.\\"id\\" AND ((NEW.\\"parent_id\\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW.\\"id\\" AND l.\\"ancestor_id\\" = NEW.\\"parent_id\\")) OR NOT NOT EXISTS (SELECT 1 FROM \\"department_link_waiting\\")) ON CONFLICT DO NOTHING;\\n  UPDATE \\"department_link_looked\\" SET place = 1 - place, followed = place WHERE EXISTS (SELECT 1 FROM \\"department_link_waiting\\");\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\" AS w JOIN \\"department\\" AS n ON n.\\"id\\" = w._k1 JOIN \\"department\\" AS p ON p.\\"id\\" = n.\\"parent_id\\") END;\\n  SELECT RAISE(ABORT, 'A parent is missing. (TREE_PARENT_MISSING) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\") END;\\nEND","enabled":"origin"},
    {"name":"department_link_take","definition":"CREATE TRIGGER \\"department_link_take\\" BEFORE UPDATE OF \\"id\\", rowid, _rowid_, oid ON \\"department\\" WHEN (OLD.\\"id\\" IS NOT NEW.\\"id\\") AND EXISTS (SELECT 1 FROM \\"department\\" AS n WHERE n.\\"id\\" = NEW.\\"id\\")\\nBEGIN\\n  INSERT OR IGNORE INTO \\"department_link\\" VALUES (NEW.\\"id\\", NEW.\\"id\\", -1);\\n  SELECT RAISE(ABORT, 'Another node has that key. (TREE_KEY_TAKEN)') WHERE EXISTS (SELECT 1 FROM \\"department_link\\" AS own WHERE own.\\"node_id\\" = NEW.\\"id\\" AND own.\\"ancestor_id\\" = NEW.\\"id\\" AND own.\\"distance\\" = -1);\\nEND","enabled":"origin"},
    {"name":"department_link_update","definition":"CREATE TRIGGER \\"department_link_update\\" AFTER UPDATE OF \\"id\\", rowid, _rowid_, oid, \\"parent_id\\" ON \\"department\\" WHEN NOT (OLD.\\"id\\" IS NOT NEW.\\"id\\") AND (OLD.\\"parent_id\\" IS NOT NEW.\\"parent_id\\") AND EXISTS (SELECT 1 FROM \\"department_link\\" AS own WHERE own.\\"node_id\\" = NEW.\\"id\\" AND own.\\"ancestor_id\\" = NEW.\\"id\\")\\nBEGIN\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE)') WHERE NEW.\\"id\\" = NEW.\\"parent_id\\";\\n  DELETE FROM \\"department_link\\" WHERE (\\"node_id\\") IN (SELECT d.\\"node_id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = NEW.\\"id\\") AND (\\"ancestor_id\\") IN (SELECT a.\\"ancestor_id\\" FROM \\"department_link\\" AS a WHERE a.\\"node_id\\" = NEW.\\"id\\" AND a.\\"distance\\" > 0);\\n  DELETE FROM \\"department_link_waiting\\" WHERE _k1 = NEW.\\"id\\";\\n  INSERT INTO \\"department_link\\" (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  SELECT d.\\"node_id\\", a.\\"ancestor_id\\", d.\\"distance\\" + a.\\"distance\\" + 1\\n  FROM \\"department_link\\" AS d CROSS JOIN \\"department_link\\" AS a\\n  WHERE d.\\"ancestor_id\\" = NEW.\\"id\\" AND a.\\"node_id\\" = NEW.\\"parent_id\\" AND NOT EXISTS (SELECT 1 FROM \\"department_link_waiting\\") AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW.\\"parent_id\\" AND l.\\"ancestor_id\\" = NEW.\\"id\\") ON CONFLICT DO NOTHING;\\n  INSERT INTO \\"department_link_waiting\\" (_k1, _p1)\\n  SELECT n.\\"id\\", n.\\"parent_id\\" FROM \\"department\\" AS n\\n  WHERE n.\\"id\\" = NEW.\\"id\\" AND ((NEW.\\"parent_id\\" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW.\\"id\\" AND l.\\"ancestor_id\\" = NEW.\\"parent_id\\")) OR NOT NOT EXISTS (SELECT 1 FROM \\"department_link_waiting\\")) ON CONFLICT DO NOTHING;\\n  UPDATE \\"department_link_looked\\" SET place = 1 - place, followed = place WHERE EXISTS (SELECT 1 FROM \\"department_link_waiting\\");\\n  SELECT RAISE(ABORT, 'A node cannot be below itself. (TREE_CYCLE) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\" AS w JOIN \\"department\\" AS n ON n.\\"id\\" = w._k1 JOIN \\"department\\" AS p ON p.\\"id\\" = n.\\"parent_id\\") END;\\n  SELECT RAISE(ABORT, 'A parent is missing. (TREE_PARENT_MISSING) With PRAGMA foreign_keys off each row must leave a tree.')\\n  WHERE CASE WHEN EXISTS (SELECT 1 FROM \\"department_link_looked\\" WHERE followed <> place) THEN EXISTS (SELECT 1 FROM \\"department_link_waiting\\") END;\\nEND","enabled":"origin"}
   ],
   "policies": [],
   "relations": [
    {"key":"departments","kind":"many","target":"main.department","columns":["id"],"targetColumns":["parent_id"],"optional":false,"constraint":"main.department.FK_110d56d702b0880fe9b005878e9"},
    {"key":"interviews","kind":"many","target":"main.interview","columns":["id"],"targetColumns":["department_id"],"optional":false,"constraint":"main.interview.FK_ac0a6d02c396abfd30354332c37"},
    {"key":"parent","kind":"one","target":"main.department","columns":["parent_id"],"targetColumns":["id"],"optional":true,"constraint":"main.department.FK_110d56d702b0880fe9b005878e9"}
   ],
   "options": "AUTOINCREMENT",
   "sql": "CREATE TABLE \\"department\\" (\\"id\\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \\"name\\" text NOT NULL, \\"parent_id\\" integer, CONSTRAINT \\"FK_110d56d702b0880fe9b005878e9\\" FOREIGN KEY (\\"parent_id\\") REFERENCES \\"department\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION)"
  },
  {
   "id": "main.department_link",
   "schema": "main",
   "name": "department_link",
   "key": "departmentLink",
   "kind": "table",
   "columns": [
    {"name":"node_id","key":"nodeId","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"ancestor_id","key":"ancestorId","position":2,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"distance","key":"distance","position":3,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false}
   ],
   "primaryKey": {"name":"department_link_pkey","columns":["node_id","ancestor_id"]},
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"department_link_down","keys":[{"column":"ancestor_id"},{"column":"node_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"department_link_down\\" ON \\"department_link\\" (\\"ancestor_id\\", \\"node_id\\")"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [],
   "options": "WITHOUT ROWID",
   "sql": "CREATE TABLE \\"department_link\\" ( -- pillion tree {\\"dialect\\":\\"sqlite\\",\\"schema\\":\\"\\",\\"table\\":\\"department\\",\\"scope\\":[],\\"key\\":[{\\"name\\":\\"id\\",\\"sqlType\\":\\"INTEGER\\"}],\\"parent\\":[\\"parent_id\\"],\\"links\\":{\\"name\\":\\"department_link\\",\\"node\\":[\\"node_id\\"],\\"ancestor\\":[\\"ancestor_id\\"],\\"distance\\":\\"distance\\"},\\"pointer\\":\\"immediate\\",\\"indexed\\":true,\\"onDelete\\":\\"no action\\",\\"counts\\":false,\\"foreignKeys\\":false,\\"isolation\\":\\"any\\"}\\n  \\"node_id\\" INTEGER NOT NULL,\\n  \\"ancestor_id\\" INTEGER NOT NULL,\\n  \\"distance\\" integer NOT NULL,\\n  PRIMARY KEY (\\"node_id\\", \\"ancestor_id\\") ON CONFLICT IGNORE\\n) WITHOUT ROWID"
  },
  {
   "id": "main.department_link_load",
   "schema": "main",
   "name": "department_link_load",
   "key": "departmentLinkLoad",
   "kind": "table",
   "columns": [
    {"name":"n","key":"n","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false}
   ],
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [],
   "sql": "CREATE TABLE \\"department_link_load\\" (n integer NOT NULL)"
  },
  {
   "id": "main.department_link_looked",
   "schema": "main",
   "name": "department_link_looked",
   "key": "departmentLinkLooked",
   "kind": "table",
   "columns": [
    {"name":"place","key":"place","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"followed","key":"followed","position":2,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false}
   ],
   "primaryKey": {"name":"department_link_looked_pkey","columns":["place"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"department_link_looked_followed_fkey","columns":["followed"],"target":"main.department_link_looked","targetColumns":["place"],"onUpdate":"cascade","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"departmentLinkLooked","kind":"one","target":"main.department_link_looked","columns":["followed"],"targetColumns":["place"],"optional":false,"constraint":"main.department_link_looked.department_link_looked_followed_fkey"},
    {"key":"departmentLinkLookeds","kind":"many","target":"main.department_link_looked","columns":["place"],"targetColumns":["followed"],"optional":false,"constraint":"main.department_link_looked.department_link_looked_followed_fkey"}
   ],
   "sql": "CREATE TABLE \\"department_link_looked\\" (place integer PRIMARY KEY, followed integer NOT NULL REFERENCES \\"department_link_looked\\" (place) ON UPDATE CASCADE)"
  },
  {
   "id": "main.department_link_nowhere",
   "schema": "main",
   "name": "department_link_nowhere",
   "key": "departmentLinkNowhere",
   "kind": "table",
   "columns": [
    {"name":"place","key":"place","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"}
   ],
   "primaryKey": {"name":"department_link_nowhere_pkey","columns":["place"]},
   "uniques": [],
   "foreignKeys": [],
   "checks": [
    {"name":"department_link_nowhere_place_check","expression":"place IS NULL","validated":true}
   ],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"departmentLinkWaitings","kind":"many","target":"main.department_link_waiting","columns":["place"],"targetColumns":["place"],"optional":false,"constraint":"main.department_link_waiting.department_link_waiting_place_fkey"}
   ],
   "sql": "CREATE TABLE \\"department_link_nowhere\\" (place integer PRIMARY KEY CHECK (place IS NULL))"
  },
  {
   "id": "main.department_link_waiting",
   "schema": "main",
   "name": "department_link_waiting",
   "key": "departmentLinkWaiting",
   "kind": "table",
   "columns": [
    {"name":"_k1","key":"_k1","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"_p1","key":"_p1","position":2,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":true},
    {"name":"place","key":"place","position":3,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"default":"1"}
   ],
   "primaryKey": {"name":"department_link_waiting_pkey","columns":["_k1"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"department_link_waiting_place_fkey","columns":["place"],"target":"main.department_link_nowhere","targetColumns":["place"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"department_link_waiting_for","keys":[{"column":"_p1"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"department_link_waiting_for\\" ON \\"department_link_waiting\\" (_p1)"}
   ],
   "triggers": [
    {"name":"department_link_settle","definition":"CREATE TRIGGER \\"department_link_settle\\" AFTER INSERT ON \\"department_link_waiting\\" WHEN NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW._k1 AND l.\\"distance\\" > 0)\\nBEGIN\\n  INSERT INTO \\"department_link\\" (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  WITH RECURSIVE _way (_p1, _end) AS (\\n    SELECT NEW._p1, (NEW._p1 IS NULL)\\n    UNION SELECT w._p1, (w._p1 IS NULL) FROM _way CROSS JOIN \\"department_link\\" AS l CROSS JOIN \\"department_link_waiting\\" AS w WHERE l.\\"node_id\\" = _way._p1 AND w._k1 = l.\\"ancestor_id\\"\\n  ), _below (_k1) AS (\\n    SELECT NEW._k1 WHERE EXISTS (SELECT 1 FROM _way WHERE _end OR (EXISTS (SELECT 1 FROM \\"department_link\\" AS own WHERE own.\\"node_id\\" = _way._p1) AND NOT EXISTS (SELECT 1 FROM \\"department_link\\" AS l CROSS JOIN \\"department_link_waiting\\" AS w WHERE l.\\"node_id\\" = _way._p1 AND w._k1 = l.\\"ancestor_id\\")))\\n    UNION SELECT w._k1 FROM _below CROSS JOIN \\"department_link\\" AS d CROSS JOIN \\"department_link_waiting\\" AS w\\n    WHERE d.\\"ancestor_id\\" = _below._k1 AND w._p1 = d.\\"node_id\\"\\n  ), _path (_k1, _p1, _far) AS (\\n    SELECT _below._k1, w._p1, 1 FROM _below CROSS JOIN \\"department_link_waiting\\" AS w WHERE w._k1 = _below._k1\\n    UNION ALL SELECT _path._k1, w._p1, _path._far + l.\\"distance\\" + 1 FROM _path CROSS JOIN \\"department_link\\" AS l CROSS JOIN \\"department_link_waiting\\" AS w WHERE l.\\"node_id\\" = _path._p1 AND w._k1 = l.\\"ancestor_id\\"\\n  )\\n  SELECT d.\\"node_id\\", a.\\"ancestor_id\\", d.\\"distance\\" + _path._far + a.\\"distance\\"\\n  FROM _path CROSS JOIN \\"department_link\\" AS a CROSS JOIN \\"department_link\\" AS d\\n  WHERE a.\\"node_id\\" = _path._p1 AND d.\\"ancestor_id\\" = _path._k1 ON CONFLICT DO NOTHING;\\n  DELETE FROM \\"department_link_waiting\\" WHERE ((NEW._p1 IS NULL) OR EXISTS (SELECT 1 FROM \\"department_link\\" AS l WHERE l.\\"node_id\\" = NEW._k1 AND l.\\"ancestor_id\\" = NEW._p1 AND l.\\"distance\\" > 0)) AND (_k1) IN (SELECT d.\\"node_id\\" FROM \\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = NEW._k1);\\nEND","enabled":"origin"}
   ],
   "policies": [],
   "relations": [
    {"key":"departmentLinkNowhere","kind":"one","target":"main.department_link_nowhere","columns":["place"],"targetColumns":["place"],"optional":false,"constraint":"main.department_link_waiting.department_link_waiting_place_fkey"}
   ],
   "options": "WITHOUT ROWID",
   "sql": "CREATE TABLE \\"department_link_waiting\\" (\\n  _k1 INTEGER NOT NULL,\\n  _p1 INTEGER,\\n  place integer NOT NULL DEFAULT 1 REFERENCES \\"department_link_nowhere\\" (place),\\n  PRIMARY KEY (_k1) ON CONFLICT IGNORE\\n) WITHOUT ROWID"
  },
  {
   "id": "main.evaluation",
   "schema": "main",
   "name": "evaluation",
   "key": "evaluation",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"interview_id","key":"interviewId","position":2,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"user_id","key":"userId","position":3,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"rating","key":"rating","position":4,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"note","key":"note","position":5,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":true},
    {"name":"created_at","key":"createdAt","position":6,"type":{"kind":"base","name":"timestamptz"},"sqlType":"datetime","nullable":false}
   ],
   "primaryKey": {"name":"evaluation_pkey","columns":["id"]},
   "uniques": [
    {"name":"UQ_10c2ce49edad6f99aa181802495","columns":["interview_id","user_id"]}
   ],
   "foreignKeys": [
    {"name":"FK_764ed32806129494bb330866071","columns":["user_id"],"target":"main.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_bc1459032f47b5d2857f940d3ff","columns":["interview_id"],"target":"main.interview","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_764ed32806129494bb33086607","keys":[{"column":"user_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_764ed32806129494bb33086607\\" ON \\"evaluation\\" (\\"user_id\\")"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interview","kind":"one","target":"main.interview","columns":["interview_id"],"targetColumns":["id"],"optional":false,"constraint":"main.evaluation.FK_bc1459032f47b5d2857f940d3ff"},
    {"key":"user","kind":"one","target":"main.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"main.evaluation.FK_764ed32806129494bb330866071"}
   ],
   "options": "AUTOINCREMENT",
   "sql": "CREATE TABLE \\"evaluation\\" (\\"id\\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \\"interview_id\\" integer NOT NULL, \\"user_id\\" integer NOT NULL, \\"rating\\" integer NOT NULL, \\"note\\" text, \\"created_at\\" datetime NOT NULL, CONSTRAINT \\"UQ_10c2ce49edad6f99aa181802495\\" UNIQUE (\\"interview_id\\", \\"user_id\\"), CONSTRAINT \\"FK_bc1459032f47b5d2857f940d3ff\\" FOREIGN KEY (\\"interview_id\\") REFERENCES \\"interview\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION, CONSTRAINT \\"FK_764ed32806129494bb330866071\\" FOREIGN KEY (\\"user_id\\") REFERENCES \\"user\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION)"
  },
  {
   "id": "main.interview",
   "schema": "main",
   "name": "interview",
   "key": "interview",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false},
    {"name":"candidate","key":"candidate","position":3,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false},
    {"name":"status","key":"status","position":4,"type":{"kind":"base","name":"text"},"sqlType":"varchar","nullable":false},
    {"name":"position_id","key":"positionId","position":5,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"department_id","key":"departmentId","position":6,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"lead_id","key":"leadId","position":7,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":true},
    {"name":"scheduled_at","key":"scheduledAt","position":8,"type":{"kind":"base","name":"timestamptz"},"sqlType":"datetime","nullable":true},
    {"name":"created_at","key":"createdAt","position":9,"type":{"kind":"base","name":"timestamptz"},"sqlType":"datetime","nullable":false}
   ],
   "primaryKey": {"name":"interview_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_1e4ee1fb601a12705b67e479065","columns":["position_id"],"target":"main.position","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_65b9bf8d24fdea8cb2f85238085","columns":["lead_id"],"target":"main.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_ac0a6d02c396abfd30354332c37","columns":["department_id"],"target":"main.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [
    {"name":"interview_status_check","expression":"\\"status\\" IN ('draft','scheduled','done','cancelled')","validated":true}
   ],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_1e4ee1fb601a12705b67e47906","keys":[{"column":"position_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_1e4ee1fb601a12705b67e47906\\" ON \\"interview\\" (\\"position_id\\")"},
    {"name":"IDX_65b9bf8d24fdea8cb2f8523808","keys":[{"column":"lead_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_65b9bf8d24fdea8cb2f8523808\\" ON \\"interview\\" (\\"lead_id\\")"},
    {"name":"IDX_ac0a6d02c396abfd30354332c3","keys":[{"column":"department_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_ac0a6d02c396abfd30354332c3\\" ON \\"interview\\" (\\"department_id\\")"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"department","kind":"one","target":"main.department","columns":["department_id"],"targetColumns":["id"],"optional":false,"constraint":"main.interview.FK_ac0a6d02c396abfd30354332c37"},
    {"key":"evaluations","kind":"many","target":"main.evaluation","columns":["id"],"targetColumns":["interview_id"],"optional":false,"constraint":"main.evaluation.FK_bc1459032f47b5d2857f940d3ff"},
    {"key":"lead","kind":"one","target":"main.user","columns":["lead_id"],"targetColumns":["id"],"optional":true,"constraint":"main.interview.FK_65b9bf8d24fdea8cb2f85238085"},
    {"key":"position","kind":"one","target":"main.position","columns":["position_id"],"targetColumns":["id"],"optional":false,"constraint":"main.interview.FK_1e4ee1fb601a12705b67e479065"},
    {"key":"users","kind":"many","target":"main.user","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"main.evaluation.FK_bc1459032f47b5d2857f940d3ff+main.evaluation.FK_764ed32806129494bb330866071","through":{"table":"main.evaluation","columns":["interview_id"],"targetColumns":["user_id"]}}
   ],
   "options": "AUTOINCREMENT",
   "sql": "CREATE TABLE \\"interview\\" (\\"id\\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \\"title\\" text NOT NULL, \\"candidate\\" text NOT NULL, \\"status\\" varchar CHECK( \\"status\\" IN ('draft','scheduled','done','cancelled') ) NOT NULL, \\"position_id\\" integer NOT NULL, \\"department_id\\" integer NOT NULL, \\"lead_id\\" integer, \\"scheduled_at\\" datetime, \\"created_at\\" datetime NOT NULL, CONSTRAINT \\"FK_1e4ee1fb601a12705b67e479065\\" FOREIGN KEY (\\"position_id\\") REFERENCES \\"position\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION, CONSTRAINT \\"FK_ac0a6d02c396abfd30354332c37\\" FOREIGN KEY (\\"department_id\\") REFERENCES \\"department\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION, CONSTRAINT \\"FK_65b9bf8d24fdea8cb2f85238085\\" FOREIGN KEY (\\"lead_id\\") REFERENCES \\"user\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION)"
  },
  {
   "id": "main.membership",
   "schema": "main",
   "name": "membership",
   "key": "membership",
   "kind": "table",
   "columns": [
    {"name":"team_id","key":"teamId","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false},
    {"name":"user_id","key":"userId","position":2,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false}
   ],
   "primaryKey": {"name":"membership_pkey","columns":["team_id","user_id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_b03fe5cd64dbd43afdc8ee69e61","columns":["team_id"],"target":"main.team","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_e9c72e8d29784031c96f5c6af8d","columns":["user_id"],"target":"main.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"team","kind":"one","target":"main.team","columns":["team_id"],"targetColumns":["id"],"optional":false,"constraint":"main.membership.FK_b03fe5cd64dbd43afdc8ee69e61"},
    {"key":"user","kind":"one","target":"main.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"main.membership.FK_e9c72e8d29784031c96f5c6af8d"}
   ],
   "sql": "CREATE TABLE \\"membership\\" (\\"team_id\\" integer NOT NULL, \\"user_id\\" integer NOT NULL, CONSTRAINT \\"FK_b03fe5cd64dbd43afdc8ee69e61\\" FOREIGN KEY (\\"team_id\\") REFERENCES \\"team\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION, CONSTRAINT \\"FK_e9c72e8d29784031c96f5c6af8d\\" FOREIGN KEY (\\"user_id\\") REFERENCES \\"user\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION, PRIMARY KEY (\\"team_id\\", \\"user_id\\"))"
  },
  {
   "id": "main.position",
   "schema": "main",
   "name": "position",
   "key": "position",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false},
    {"name":"team_id","key":"teamId","position":3,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false}
   ],
   "primaryKey": {"name":"position_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_29cfe324637d4fcb78966e6c80d","columns":["team_id"],"target":"main.team","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interviews","kind":"many","target":"main.interview","columns":["id"],"targetColumns":["position_id"],"optional":false,"constraint":"main.interview.FK_1e4ee1fb601a12705b67e479065"},
    {"key":"team","kind":"one","target":"main.team","columns":["team_id"],"targetColumns":["id"],"optional":false,"constraint":"main.position.FK_29cfe324637d4fcb78966e6c80d"}
   ],
   "options": "AUTOINCREMENT",
   "sql": "CREATE TABLE \\"position\\" (\\"id\\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \\"title\\" text NOT NULL, \\"team_id\\" integer NOT NULL, CONSTRAINT \\"FK_29cfe324637d4fcb78966e6c80d\\" FOREIGN KEY (\\"team_id\\") REFERENCES \\"team\\" (\\"id\\") ON DELETE NO ACTION ON UPDATE NO ACTION)"
  },
  {
   "id": "main.team",
   "schema": "main",
   "name": "team",
   "key": "team",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false}
   ],
   "primaryKey": {"name":"team_pkey","columns":["id"]},
   "uniques": [
    {"name":"UQ_cf461f5b40cf1a2b8876011e1e1","columns":["name"]}
   ],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"memberships","kind":"many","target":"main.membership","columns":["id"],"targetColumns":["team_id"],"optional":false,"constraint":"main.membership.FK_b03fe5cd64dbd43afdc8ee69e61"},
    {"key":"positions","kind":"many","target":"main.position","columns":["id"],"targetColumns":["team_id"],"optional":false,"constraint":"main.position.FK_29cfe324637d4fcb78966e6c80d"},
    {"key":"users","kind":"many","target":"main.user","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"main.membership.FK_b03fe5cd64dbd43afdc8ee69e61+main.membership.FK_e9c72e8d29784031c96f5c6af8d","through":{"table":"main.membership","columns":["team_id"],"targetColumns":["user_id"]}}
   ],
   "options": "AUTOINCREMENT",
   "sql": "CREATE TABLE \\"team\\" (\\"id\\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \\"name\\" text NOT NULL, CONSTRAINT \\"UQ_cf461f5b40cf1a2b8876011e1e1\\" UNIQUE (\\"name\\"))"
  },
  {
   "id": "main.user",
   "schema": "main",
   "name": "user",
   "key": "user",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int53"},"sqlType":"INTEGER","nullable":false,"identity":"by default"},
    {"name":"username","key":"username","position":2,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false},
    {"name":"full_name","key":"fullName","position":3,"type":{"kind":"base","name":"text"},"sqlType":"TEXT","nullable":false},
    {"name":"created_at","key":"createdAt","position":4,"type":{"kind":"base","name":"timestamptz"},"sqlType":"datetime","nullable":false}
   ],
   "primaryKey": {"name":"user_pkey","columns":["id"]},
   "uniques": [
    {"name":"UQ_78a916df40e02a9deb1c4b75edb","columns":["username"]}
   ],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"evaluations","kind":"many","target":"main.evaluation","columns":["id"],"targetColumns":["user_id"],"optional":false,"constraint":"main.evaluation.FK_764ed32806129494bb330866071"},
    {"key":"interviews","kind":"many","target":"main.interview","columns":["id"],"targetColumns":["lead_id"],"optional":false,"constraint":"main.interview.FK_65b9bf8d24fdea8cb2f85238085"},
    {"key":"interviewsThroughEvaluation","kind":"many","target":"main.interview","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"main.evaluation.FK_764ed32806129494bb330866071+main.evaluation.FK_bc1459032f47b5d2857f940d3ff","through":{"table":"main.evaluation","columns":["user_id"],"targetColumns":["interview_id"]}},
    {"key":"memberships","kind":"many","target":"main.membership","columns":["id"],"targetColumns":["user_id"],"optional":false,"constraint":"main.membership.FK_e9c72e8d29784031c96f5c6af8d"},
    {"key":"teams","kind":"many","target":"main.team","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"main.membership.FK_e9c72e8d29784031c96f5c6af8d+main.membership.FK_b03fe5cd64dbd43afdc8ee69e61","through":{"table":"main.membership","columns":["user_id"],"targetColumns":["team_id"]}}
   ],
   "options": "AUTOINCREMENT",
   "sql": "CREATE TABLE \\"user\\" (\\"id\\" integer PRIMARY KEY AUTOINCREMENT NOT NULL, \\"username\\" text NOT NULL, \\"full_name\\" text NOT NULL, \\"created_at\\" datetime NOT NULL, CONSTRAINT \\"UQ_78a916df40e02a9deb1c4b75edb\\" UNIQUE (\\"username\\"))"
  }
 ],
 "types": [],
 "sequences": [],
 "routines": []
}`)

export const tables: p.Roots<DB> = p.tables<DB>(catalog)
