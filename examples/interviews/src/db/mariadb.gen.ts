// Written by pillion reflect. Do not edit: run it again.
import * as p from 'pillion'

export type InterviewStatus = 'draft' | 'scheduled' | 'done' | 'cancelled'

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
  readonly departmentLinkKeep: DepartmentLinkKeep<null, S>
  readonly departments: p.Many<DepartmentKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly parent: Department<null, S>
}
export interface DepartmentKind extends p.Kind {
  readonly row: DepartmentRow
  readonly handle: Department<this['nullable'], this['scope']>
}

/** pillion tree {"dialect":"mariadb","schema":"","table":"department","scope":[],"key":[{"name":"id","sqlType":"int(11)"}],"parent":["parent_id"],"links":{"name":"department_link","node":["node_id"],"ancestor":["ancestor_id"],"distance":"distance"},"pointer":"immediate","indexed":true,"onDelete":"no action","counts":false,"foreignKeys":false,"isolation":"any"} */
export interface DepartmentLinkRow {
  nodeId: number
  ancestorId: number
  distance: number
}
/** pillion tree {"dialect":"mariadb","schema":"","table":"department","scope":[],"key":[{"name":"id","sqlType":"int(11)"}],"parent":["parent_id"],"links":{"name":"department_link","node":["node_id"],"ancestor":["ancestor_id"],"distance":"distance"},"pointer":"immediate","indexed":true,"onDelete":"no action","counts":false,"foreignKeys":false,"isolation":"any"} */
export interface DepartmentLink<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkKind, N, S> {
  readonly nodeId: p.Column<number | N, S>
  readonly ancestorId: p.Column<number | N, S>
  readonly distance: p.Column<number | N, S>
}
export interface DepartmentLinkKind extends p.Kind {
  readonly row: DepartmentLinkRow
  readonly handle: DepartmentLink<this['nullable'], this['scope']>
}

/** Stays empty: a table that others point to is not truncated. */
export interface DepartmentLinkKeepRow {
  id: number
}
/** Stays empty: a table that others point to is not truncated. */
export interface DepartmentLinkKeep<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkKeepKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly department: Department<N, S>
}
export interface DepartmentLinkKeepKind extends p.Kind {
  readonly row: DepartmentLinkKeepRow
  readonly handle: DepartmentLinkKeep<this['nullable'], this['scope']>
}

export interface DepartmentLinkLoadRow {
  n: bigint
}
export interface DepartmentLinkLoad<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentLinkLoadKind, N, S> {
  readonly n: p.Column<bigint | N, S>
}
export interface DepartmentLinkLoadKind extends p.Kind {
  readonly row: DepartmentLinkLoadRow
  readonly handle: DepartmentLinkLoad<this['nullable'], this['scope']>
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
  status: InterviewStatus
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
  readonly status: p.Column<InterviewStatus | N, S>
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
  readonly departmentLinkKeep: DepartmentLinkKeep
  readonly departmentLinkLoad: DepartmentLinkLoad
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
 "dialect": "mariadb",
 "version": 101119,
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
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false,"identity":"by default"},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"parent_id","key":"parentId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":true}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_110d56d702b0880fe9b005878e9","columns":["parent_id"],"target":"main.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_110d56d702b0880fe9b005878e","keys":[{"column":"parent_id"}],"unique":false,"method":"btree","definition":"KEY \`IDX_110d56d702b0880fe9b005878e\` (\`parent_id\`)"}
   ],
   "triggers": [
    {"name":"department_link_delete","definition":"CREATE TRIGGER \`department_link_delete\` AFTER DELETE ON \`department\` FOR EACH ROW BEGIN\\n  DECLARE _path, _paths, _above, _again longtext;\\n  DECLARE _own, _under, _there bigint;\\n  SELECT COUNT(*) INTO _own FROM \`department_link\` AS own WHERE own.\`node_id\` = OLD.\`id\` AND own.\`ancestor_id\` = OLD.\`id\` FOR UPDATE;\\n  REPEAT\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _above\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = OLD.\`id\` AND path.\`distance\` > 0 LOCK IN SHARE MODE;\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _again\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = OLD.\`id\` AND path.\`distance\` > 0 LOCK IN SHARE MODE;\\n  UNTIL _above <=> _again END REPEAT;\\n  DELETE l\\n  FROM \`department_link\` AS d STRAIGHT_JOIN \`department_link\` AS o STRAIGHT_JOIN \`department_link\` AS l ON l.\`node_id\` = d.\`node_id\` AND l.\`ancestor_id\` = o.\`ancestor_id\`\\n  WHERE d.\`ancestor_id\` = OLD.\`id\` AND o.\`node_id\` = OLD.\`id\` AND d.\`distance\` > 0;\\n  DELETE FROM \`department_link\` WHERE \`department_link\`.\`node_id\` = OLD.\`id\`;\\nEND","enabled":"origin"},
    {"name":"department_link_insert","definition":"CREATE TRIGGER \`department_link_insert\` AFTER INSERT ON \`department\` FOR EACH ROW BEGIN\\n  DECLARE _path, _paths, _above, _again longtext;\\n  DECLARE _own, _under, _there bigint;\\n  IF COALESCE(@pillion_tree, '') <> 'load' THEN\\n  IF NEW.\`id\` = NEW.\`parent_id\` THEN\\n    SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n  END IF;\\n  REPEAT\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _path\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _again\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n  UNTIL _path <=> _again END REPEAT;\\n  INSERT INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`)\\n  SELECT NEW.\`id\`, path.\`ancestor_id\`, path.\`distance\` + 1 FROM \`department_link\` AS path\\n  WHERE path.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n  INSERT INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`) VALUES (NEW.\`id\`, NEW.\`id\`, 0);\\n  IF EXISTS (SELECT 1 FROM \`department\` AS c WHERE c.\`parent_id\` = NEW.\`id\`) THEN\\n    IF EXISTS (SELECT 1 FROM \`department\` AS c JOIN \`department_link\` AS path ON path.\`ancestor_id\` = c.\`id\`\\n        WHERE c.\`parent_id\` = NEW.\`id\` AND path.\`node_id\` = NEW.\`id\`) THEN\\n      SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n    END IF;\\n    INSERT IGNORE INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`)\\n    SELECT d.\`node_id\`, a.\`ancestor_id\`, d.\`distance\` + a.\`distance\` + 1\\n    FROM \`department\` AS c STRAIGHT_JOIN \`department_link\` AS d ON d.\`ancestor_id\` = c.\`id\` STRAIGHT_JOIN \`department_link\` AS a\\n    WHERE c.\`parent_id\` = NEW.\`id\` AND a.\`node_id\` = NEW.\`id\` LOCK IN SHARE MODE;\\n  END IF;\\n  END IF;\\nEND","enabled":"origin"},
    {"name":"department_link_update","definition":"CREATE TRIGGER \`department_link_update\` AFTER UPDATE ON \`department\` FOR EACH ROW BEGIN\\n  DECLARE _path, _paths, _above, _again longtext;\\n  DECLARE _own, _under, _there bigint;\\n  IF NOT (OLD.\`id\` <=> NEW.\`id\`) THEN\\n    IF EXISTS (SELECT 1 FROM \`department\` AS c WHERE c.\`id\` = NEW.\`id\` AND (c.\`parent_id\` = NEW.\`parent_id\` OR (c.\`parent_id\` IS NULL AND NEW.\`parent_id\` IS NULL))) AND NOT EXISTS (SELECT 1 FROM \`department\` AS c WHERE c.\`id\` = OLD.\`id\`) THEN\\n  SELECT COUNT(*) INTO _own FROM \`department_link\` AS own WHERE own.\`node_id\` = OLD.\`id\` AND own.\`ancestor_id\` = OLD.\`id\` FOR UPDATE;\\n  REPEAT\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _above\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = OLD.\`id\` AND path.\`distance\` > 0 LOCK IN SHARE MODE;\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _again\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = OLD.\`id\` AND path.\`distance\` > 0 LOCK IN SHARE MODE;\\n  UNTIL _above <=> _again END REPEAT;\\n  DELETE l\\n  FROM \`department_link\` AS d STRAIGHT_JOIN \`department_link\` AS o STRAIGHT_JOIN \`department_link\` AS l ON l.\`node_id\` = d.\`node_id\` AND l.\`ancestor_id\` = o.\`ancestor_id\`\\n  WHERE d.\`ancestor_id\` = OLD.\`id\` AND o.\`node_id\` = OLD.\`id\` AND d.\`distance\` > 0;\\n  DELETE FROM \`department_link\` WHERE \`department_link\`.\`node_id\` = OLD.\`id\`;\\n  IF NEW.\`id\` = NEW.\`parent_id\` THEN\\n    SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n  END IF;\\n  REPEAT\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _path\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _again\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE path.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n  UNTIL _path <=> _again END REPEAT;\\n  INSERT INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`)\\n  SELECT NEW.\`id\`, path.\`ancestor_id\`, path.\`distance\` + 1 FROM \`department_link\` AS path\\n  WHERE path.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n  INSERT INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`) VALUES (NEW.\`id\`, NEW.\`id\`, 0);\\n  IF EXISTS (SELECT 1 FROM \`department\` AS c WHERE c.\`parent_id\` = NEW.\`id\`) THEN\\n    IF EXISTS (SELECT 1 FROM \`department\` AS c JOIN \`department_link\` AS path ON path.\`ancestor_id\` = c.\`id\`\\n        WHERE c.\`parent_id\` = NEW.\`id\` AND path.\`node_id\` = NEW.\`id\`) THEN\\n      SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n    END IF;\\n    INSERT IGNORE INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`)\\n    SELECT d.\`node_id\`, a.\`ancestor_id\`, d.\`distance\` + a.\`distance\` + 1\\n    FROM \`department\` AS c STRAIGHT_JOIN \`department_link\` AS d ON d.\`ancestor_id\` = c.\`id\` STRAIGHT_JOIN \`department_link\` AS a\\n    WHERE c.\`parent_id\` = NEW.\`id\` AND a.\`node_id\` = NEW.\`id\` LOCK IN SHARE MODE;\\n  END IF;\\n    END IF;\\n  ELSEIF NOT (OLD.\`parent_id\` <=> NEW.\`parent_id\`) AND EXISTS (SELECT 1 FROM \`department\` AS c WHERE c.\`id\` = NEW.\`id\` AND (c.\`parent_id\` = NEW.\`parent_id\` OR (c.\`parent_id\` IS NULL AND NEW.\`parent_id\` IS NULL))) THEN\\n  SELECT COUNT(*) INTO _own FROM \`department_link\` AS own WHERE own.\`node_id\` = NEW.\`id\` AND own.\`ancestor_id\` = NEW.\`id\` FOR UPDATE;\\n  REPEAT\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _paths\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE (path.\`node_id\` = NEW.\`id\` AND path.\`distance\` > 0) OR (path.\`node_id\` = NEW.\`parent_id\`) LOCK IN SHARE MODE;\\n    SET STATEMENT group_concat_max_len = 4294967295 FOR\\n    SELECT GROUP_CONCAT(DISTINCT own.\`ancestor_id\` ORDER BY own.\`ancestor_id\` SEPARATOR ';') INTO _again\\n      FROM \`department_link\` AS path STRAIGHT_JOIN \`department_link\` AS own ON own.\`node_id\` = path.\`ancestor_id\` AND own.\`ancestor_id\` = path.\`ancestor_id\`\\n      WHERE (path.\`node_id\` = NEW.\`id\` AND path.\`distance\` > 0) OR (path.\`node_id\` = NEW.\`parent_id\`) LOCK IN SHARE MODE;\\n  UNTIL _paths <=> _again END REPEAT;\\n    SELECT COUNT(*) INTO _under FROM \`department_link\` AS path\\n    WHERE path.\`node_id\` = NEW.\`parent_id\` AND path.\`ancestor_id\` = NEW.\`id\` LOCK IN SHARE MODE;\\n    IF _under > 0 THEN\\n      SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n    END IF;\\n\\n  DELETE l\\n  FROM \`department_link\` AS d STRAIGHT_JOIN \`department_link\` AS o STRAIGHT_JOIN \`department_link\` AS l ON l.\`node_id\` = d.\`node_id\` AND l.\`ancestor_id\` = o.\`ancestor_id\`\\n  WHERE d.\`ancestor_id\` = NEW.\`id\` AND o.\`node_id\` = NEW.\`id\` AND o.\`distance\` > 0;\\n    INSERT INTO \`department_link\` (\`node_id\`, \`ancestor_id\`, \`distance\`)\\n    SELECT d.\`node_id\`, a.\`ancestor_id\`, d.\`distance\` + a.\`distance\` + 1\\n    FROM \`department_link\` AS d STRAIGHT_JOIN \`department_link\` AS a\\n    WHERE d.\`ancestor_id\` = NEW.\`id\` AND a.\`node_id\` = NEW.\`parent_id\` LOCK IN SHARE MODE;\\n  END IF;\\nEND","enabled":"origin"},
    {"name":"department_link_look","definition":"CREATE TRIGGER \`department_link_look\` BEFORE INSERT ON \`department\` FOR EACH ROW BEGIN\\n  DECLARE _there bigint;\\n  IF COALESCE(@pillion_tree, '') <> 'load' AND NOT EXISTS (SELECT 1 FROM \`department\` AS c WHERE c.\`id\` = NEW.\`id\`) THEN\\n  IF NEW.\`id\` = NEW.\`parent_id\` AND CONCAT(NEW.\`id\`) <> '0' THEN\\n    SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n  END IF;\\n  END IF;\\nEND","enabled":"origin"},
    {"name":"department_link_look_again","definition":"CREATE TRIGGER \`department_link_look_again\` BEFORE UPDATE ON \`department\` FOR EACH ROW BEGIN\\n  DECLARE _under, _there bigint;\\n  IF OLD.\`id\` <=> NEW.\`id\` AND NOT (OLD.\`parent_id\` <=> NEW.\`parent_id\`) THEN\\n  IF EXISTS (SELECT 1 FROM \`department_link\` AS path WHERE path.\`node_id\` = NEW.\`parent_id\` AND path.\`ancestor_id\` = NEW.\`id\`) THEN\\n    SELECT COUNT(*) INTO _under FROM \`department_link\` AS path WHERE path.\`node_id\` = NEW.\`parent_id\` AND path.\`ancestor_id\` = NEW.\`id\` LOCK IN SHARE MODE;\\n    IF _under > 0 THEN\\n      SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 4025, MESSAGE_TEXT = 'A node cannot be below itself. (TREE_CYCLE)';\\n    END IF;\\n  END IF;\\n  END IF;\\nEND","enabled":"origin"}
   ],
   "policies": [],
   "relations": [
    {"key":"departmentLinkKeep","kind":"one","target":"main.department_link_keep","columns":["id"],"targetColumns":["id"],"optional":true,"constraint":"main.department_link_keep.department_link_keep_fkey"},
    {"key":"departments","kind":"many","target":"main.department","columns":["id"],"targetColumns":["parent_id"],"optional":false,"constraint":"main.department.FK_110d56d702b0880fe9b005878e9"},
    {"key":"interviews","kind":"many","target":"main.interview","columns":["id"],"targetColumns":["department_id"],"optional":false,"constraint":"main.interview.FK_ac0a6d02c396abfd30354332c37"},
    {"key":"parent","kind":"one","target":"main.department","columns":["parent_id"],"targetColumns":["id"],"optional":true,"constraint":"main.department.FK_110d56d702b0880fe9b005878e9"}
   ],
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.department_link",
   "schema": "main",
   "name": "department_link",
   "key": "departmentLink",
   "kind": "table",
   "columns": [
    {"name":"node_id","key":"nodeId","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"ancestor_id","key":"ancestorId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"distance","key":"distance","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["node_id","ancestor_id"]},
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"department_link_down","keys":[{"column":"ancestor_id"},{"column":"node_id"}],"unique":false,"method":"btree","definition":"KEY \`department_link_down\` (\`ancestor_id\`, \`node_id\`)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [],
   "comment": "pillion tree {\\"dialect\\":\\"mariadb\\",\\"schema\\":\\"\\",\\"table\\":\\"department\\",\\"scope\\":[],\\"key\\":[{\\"name\\":\\"id\\",\\"sqlType\\":\\"int(11)\\"}],\\"parent\\":[\\"parent_id\\"],\\"links\\":{\\"name\\":\\"department_link\\",\\"node\\":[\\"node_id\\"],\\"ancestor\\":[\\"ancestor_id\\"],\\"distance\\":\\"distance\\"},\\"pointer\\":\\"immediate\\",\\"indexed\\":true,\\"onDelete\\":\\"no action\\",\\"counts\\":false,\\"foreignKeys\\":false,\\"isolation\\":\\"any\\"}",
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.department_link_keep",
   "schema": "main",
   "name": "department_link_keep",
   "key": "departmentLinkKeep",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"department_link_keep_fkey","columns":["id"],"target":"main.department","targetColumns":["id"],"onUpdate":"restrict","onDelete":"restrict","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"department","kind":"one","target":"main.department","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"main.department_link_keep.department_link_keep_fkey"}
   ],
   "comment": "Stays empty: a table that others point to is not truncated.",
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.department_link_load",
   "schema": "main",
   "name": "department_link_load",
   "key": "departmentLinkLoad",
   "kind": "table",
   "columns": [
    {"name":"n","key":"n","position":1,"type":{"kind":"base","name":"int8"},"sqlType":"bigint(20)","nullable":false}
   ],
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [],
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.evaluation",
   "schema": "main",
   "name": "evaluation",
   "key": "evaluation",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false,"identity":"by default"},
    {"name":"interview_id","key":"interviewId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"user_id","key":"userId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"rating","key":"rating","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"note","key":"note","position":5,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":true},
    {"name":"created_at","key":"createdAt","position":6,"type":{"kind":"base","modifier":"3","name":"timestamptz"},"sqlType":"timestamp(3)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [
    {"name":"IDX_10c2ce49edad6f99aa18180249","columns":["interview_id","user_id"]}
   ],
   "foreignKeys": [
    {"name":"FK_764ed32806129494bb330866071","columns":["user_id"],"target":"main.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_bc1459032f47b5d2857f940d3ff","columns":["interview_id"],"target":"main.interview","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_764ed32806129494bb33086607","keys":[{"column":"user_id"}],"unique":false,"method":"btree","definition":"KEY \`IDX_764ed32806129494bb33086607\` (\`user_id\`)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interview","kind":"one","target":"main.interview","columns":["interview_id"],"targetColumns":["id"],"optional":false,"constraint":"main.evaluation.FK_bc1459032f47b5d2857f940d3ff"},
    {"key":"user","kind":"one","target":"main.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"main.evaluation.FK_764ed32806129494bb330866071"}
   ],
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.interview",
   "schema": "main",
   "name": "interview",
   "key": "interview",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false,"identity":"by default"},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"candidate","key":"candidate","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"status","key":"status","position":4,"type":{"kind":"enum","schema":"main","name":"interview.status","labels":["draft","scheduled","done","cancelled"]},"sqlType":"enum('draft','scheduled','done','cancelled')","nullable":false},
    {"name":"position_id","key":"positionId","position":5,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"department_id","key":"departmentId","position":6,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"lead_id","key":"leadId","position":7,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":true},
    {"name":"scheduled_at","key":"scheduledAt","position":8,"type":{"kind":"base","modifier":"3","name":"timestamptz"},"sqlType":"timestamp(3)","nullable":true},
    {"name":"created_at","key":"createdAt","position":9,"type":{"kind":"base","modifier":"3","name":"timestamptz"},"sqlType":"timestamp(3)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_1e4ee1fb601a12705b67e479065","columns":["position_id"],"target":"main.position","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_65b9bf8d24fdea8cb2f85238085","columns":["lead_id"],"target":"main.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_ac0a6d02c396abfd30354332c37","columns":["department_id"],"target":"main.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_1e4ee1fb601a12705b67e47906","keys":[{"column":"position_id"}],"unique":false,"method":"btree","definition":"KEY \`IDX_1e4ee1fb601a12705b67e47906\` (\`position_id\`)"},
    {"name":"IDX_65b9bf8d24fdea8cb2f8523808","keys":[{"column":"lead_id"}],"unique":false,"method":"btree","definition":"KEY \`IDX_65b9bf8d24fdea8cb2f8523808\` (\`lead_id\`)"},
    {"name":"IDX_ac0a6d02c396abfd30354332c3","keys":[{"column":"department_id"}],"unique":false,"method":"btree","definition":"KEY \`IDX_ac0a6d02c396abfd30354332c3\` (\`department_id\`)"}
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
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.membership",
   "schema": "main",
   "name": "membership",
   "key": "membership",
   "kind": "table",
   "columns": [
    {"name":"team_id","key":"teamId","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false},
    {"name":"user_id","key":"userId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["team_id","user_id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_b03fe5cd64dbd43afdc8ee69e61","columns":["team_id"],"target":"main.team","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_e9c72e8d29784031c96f5c6af8d","columns":["user_id"],"target":"main.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"FK_e9c72e8d29784031c96f5c6af8d","keys":[{"column":"user_id"}],"unique":false,"method":"btree","definition":"KEY \`FK_e9c72e8d29784031c96f5c6af8d\` (\`user_id\`)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"team","kind":"one","target":"main.team","columns":["team_id"],"targetColumns":["id"],"optional":false,"constraint":"main.membership.FK_b03fe5cd64dbd43afdc8ee69e61"},
    {"key":"user","kind":"one","target":"main.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"main.membership.FK_e9c72e8d29784031c96f5c6af8d"}
   ],
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.position",
   "schema": "main",
   "name": "position",
   "key": "position",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false,"identity":"by default"},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"team_id","key":"teamId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_29cfe324637d4fcb78966e6c80d","columns":["team_id"],"target":"main.team","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"FK_29cfe324637d4fcb78966e6c80d","keys":[{"column":"team_id"}],"unique":false,"method":"btree","definition":"KEY \`FK_29cfe324637d4fcb78966e6c80d\` (\`team_id\`)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interviews","kind":"many","target":"main.interview","columns":["id"],"targetColumns":["position_id"],"optional":false,"constraint":"main.interview.FK_1e4ee1fb601a12705b67e479065"},
    {"key":"team","kind":"one","target":"main.team","columns":["team_id"],"targetColumns":["id"],"optional":false,"constraint":"main.position.FK_29cfe324637d4fcb78966e6c80d"}
   ],
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.team",
   "schema": "main",
   "name": "team",
   "key": "team",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false,"identity":"by default"},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","modifier":"100","name":"varchar"},"sqlType":"varchar(100)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [
    {"name":"IDX_cf461f5b40cf1a2b8876011e1e","columns":["name"]}
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
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  },
  {
   "id": "main.user",
   "schema": "main",
   "name": "user",
   "key": "user",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"int(11)","nullable":false,"identity":"by default"},
    {"name":"username","key":"username","position":2,"type":{"kind":"base","modifier":"100","name":"varchar"},"sqlType":"varchar(100)","nullable":false},
    {"name":"full_name","key":"fullName","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"created_at","key":"createdAt","position":4,"type":{"kind":"base","modifier":"3","name":"timestamptz"},"sqlType":"timestamp(3)","nullable":false}
   ],
   "primaryKey": {"name":"PRIMARY","columns":["id"]},
   "uniques": [
    {"name":"IDX_78a916df40e02a9deb1c4b75ed","columns":["username"]}
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
   "options": "ENGINE=InnoDB COLLATE=utf8mb4_general_ci"
  }
 ],
 "types": [
  {
   "id": "main.interview.status",
   "type": {"kind":"enum","schema":"main","name":"interview.status","labels":["draft","scheduled","done","cancelled"]}
  }
 ],
 "sequences": [],
 "routines": []
}`)

export const tables: p.Roots<DB> = p.tables<DB>(catalog)
