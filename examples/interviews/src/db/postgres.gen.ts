// Written by pillion reflect. Do not edit: run it again.
import * as p from 'pillion'

export type InterviewStatus = 'draft' | 'scheduled' | 'done' | 'cancelled'

export interface DepartmentRow {
  id: number
  name: string
  parentId: number | null
}
export interface Department<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentKind, N, S> {
  /** default nextval('public.department_id_seq'::regclass) */
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

/** pillion tree {"dialect":"postgres","schema":"public","table":"department","scope":[],"key":[{"name":"id","sqlType":"integer"}],"parent":["parent_id"],"links":{"name":"department_link","node":["node_id"],"ancestor":["ancestor_id"],"distance":"distance"},"pointer":"immediate","indexed":true,"onDelete":"no action","counts":false,"foreignKeys":false,"isolation":"any"} */
export interface DepartmentLinkRow {
  nodeId: number
  ancestorId: number
  distance: number
}
/** pillion tree {"dialect":"postgres","schema":"public","table":"department","scope":[],"key":[{"name":"id","sqlType":"integer"}],"parent":["parent_id"],"links":{"name":"department_link","node":["node_id"],"ancestor":["ancestor_id"],"distance":"distance"},"pointer":"immediate","indexed":true,"onDelete":"no action","counts":false,"foreignKeys":false,"isolation":"any"} */
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
  /** default nextval('public.evaluation_id_seq'::regclass) */
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
  /** default nextval('public.interview_id_seq'::regclass) */
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
  /** default nextval('public.position_id_seq'::regclass) */
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
  /** default nextval('public.team_id_seq'::regclass) */
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
  /** default nextval('public.user_id_seq'::regclass) */
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
 "dialect": "postgres",
 "version": 180004,
 "defaultSchema": "public",
 "names": "camel",
 "schemas": ["public"],
 "extensions": [],
 "tables": [
  {
   "id": "public.department",
   "schema": "public",
   "name": "department",
   "key": "department",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"default":"nextval('public.department_id_seq'::regclass)"},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"parent_id","key":"parentId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true}
   ],
   "primaryKey": {"name":"PK_9a2213262c1593bffb581e382f5","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_110d56d702b0880fe9b005878e9","columns":["parent_id"],"target":"public.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_110d56d702b0880fe9b005878e","keys":[{"column":"parent_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_110d56d702b0880fe9b005878e\\" ON public.department USING btree (parent_id)"}
   ],
   "triggers": [
    {"name":"department_link_delete","function":"public.department_link_on_delete","definition":"CREATE TRIGGER department_link_delete AFTER DELETE ON public.department REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.department_link_on_delete()","enabled":"origin"},
    {"name":"department_link_insert","function":"public.department_link_on_insert","definition":"CREATE TRIGGER department_link_insert AFTER INSERT ON public.department REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.department_link_on_insert()","enabled":"origin"},
    {"name":"department_link_truncate","function":"public.department_link_on_truncate","definition":"CREATE TRIGGER department_link_truncate AFTER TRUNCATE ON public.department FOR EACH STATEMENT EXECUTE FUNCTION public.department_link_on_truncate()","enabled":"origin"},
    {"name":"department_link_update","function":"public.department_link_on_update","definition":"CREATE TRIGGER department_link_update AFTER UPDATE ON public.department REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.department_link_on_update()","enabled":"origin"}
   ],
   "policies": [],
   "relations": [
    {"key":"departments","kind":"many","target":"public.department","columns":["id"],"targetColumns":["parent_id"],"optional":false,"constraint":"public.department.FK_110d56d702b0880fe9b005878e9"},
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["department_id"],"optional":false,"constraint":"public.interview.FK_ac0a6d02c396abfd30354332c37"},
    {"key":"parent","kind":"one","target":"public.department","columns":["parent_id"],"targetColumns":["id"],"optional":true,"constraint":"public.department.FK_110d56d702b0880fe9b005878e9"}
   ]
  },
  {
   "id": "public.department_link",
   "schema": "public",
   "name": "department_link",
   "key": "departmentLink",
   "kind": "table",
   "columns": [
    {"name":"node_id","key":"nodeId","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"ancestor_id","key":"ancestorId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"distance","key":"distance","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false}
   ],
   "primaryKey": {"name":"department_link_pkey","columns":["node_id","ancestor_id"]},
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"department_link_down","keys":[{"column":"ancestor_id"},{"column":"node_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX department_link_down ON public.department_link USING btree (ancestor_id, node_id)"}
   ],
   "triggers": [
    {"name":"department_link_pass_over","function":"public.department_link_hands_off","definition":"CREATE TRIGGER department_link_pass_over BEFORE INSERT ON public.department_link FOR EACH ROW WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.department_link_hands_off()","enabled":"origin"},
    {"name":"department_link_refuse","function":"public.department_link_hands_off","definition":"CREATE TRIGGER department_link_refuse BEFORE DELETE OR UPDATE ON public.department_link FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.department_link_hands_off()","enabled":"origin"}
   ],
   "policies": [],
   "relations": [],
   "comment": "pillion tree {\\"dialect\\":\\"postgres\\",\\"schema\\":\\"public\\",\\"table\\":\\"department\\",\\"scope\\":[],\\"key\\":[{\\"name\\":\\"id\\",\\"sqlType\\":\\"integer\\"}],\\"parent\\":[\\"parent_id\\"],\\"links\\":{\\"name\\":\\"department_link\\",\\"node\\":[\\"node_id\\"],\\"ancestor\\":[\\"ancestor_id\\"],\\"distance\\":\\"distance\\"},\\"pointer\\":\\"immediate\\",\\"indexed\\":true,\\"onDelete\\":\\"no action\\",\\"counts\\":false,\\"foreignKeys\\":false,\\"isolation\\":\\"any\\"}"
  },
  {
   "id": "public.department_link_load",
   "schema": "public",
   "name": "department_link_load",
   "key": "departmentLinkLoad",
   "kind": "table",
   "columns": [
    {"name":"n","key":"n","position":1,"type":{"kind":"base","name":"int8"},"sqlType":"bigint","nullable":false}
   ],
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": []
  },
  {
   "id": "public.evaluation",
   "schema": "public",
   "name": "evaluation",
   "key": "evaluation",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"default":"nextval('public.evaluation_id_seq'::regclass)"},
    {"name":"interview_id","key":"interviewId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"user_id","key":"userId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"rating","key":"rating","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"note","key":"note","position":5,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":true},
    {"name":"created_at","key":"createdAt","position":6,"type":{"kind":"base","name":"timestamptz"},"sqlType":"timestamp with time zone","nullable":false}
   ],
   "primaryKey": {"name":"PK_b72edd439b9db736f55b584fa54","columns":["id"]},
   "uniques": [
    {"name":"UQ_10c2ce49edad6f99aa181802495","columns":["interview_id","user_id"]}
   ],
   "foreignKeys": [
    {"name":"FK_764ed32806129494bb330866071","columns":["user_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_bc1459032f47b5d2857f940d3ff","columns":["interview_id"],"target":"public.interview","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_764ed32806129494bb33086607","keys":[{"column":"user_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_764ed32806129494bb33086607\\" ON public.evaluation USING btree (user_id)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interview","kind":"one","target":"public.interview","columns":["interview_id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.FK_bc1459032f47b5d2857f940d3ff"},
    {"key":"user","kind":"one","target":"public.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.FK_764ed32806129494bb330866071"}
   ]
  },
  {
   "id": "public.interview",
   "schema": "public",
   "name": "interview",
   "key": "interview",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"default":"nextval('public.interview_id_seq'::regclass)"},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"candidate","key":"candidate","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"status","key":"status","position":4,"type":{"kind":"enum","name":"interview_status","schema":"public","labels":["draft","scheduled","done","cancelled"]},"sqlType":"public.interview_status","nullable":false},
    {"name":"position_id","key":"positionId","position":5,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"department_id","key":"departmentId","position":6,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"lead_id","key":"leadId","position":7,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true},
    {"name":"scheduled_at","key":"scheduledAt","position":8,"type":{"kind":"base","name":"timestamptz"},"sqlType":"timestamp with time zone","nullable":true},
    {"name":"created_at","key":"createdAt","position":9,"type":{"kind":"base","name":"timestamptz"},"sqlType":"timestamp with time zone","nullable":false}
   ],
   "primaryKey": {"name":"PK_44c49a4feadefa5c6fa78bfb7d1","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_1e4ee1fb601a12705b67e479065","columns":["position_id"],"target":"public.position","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_65b9bf8d24fdea8cb2f85238085","columns":["lead_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_ac0a6d02c396abfd30354332c37","columns":["department_id"],"target":"public.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"IDX_1e4ee1fb601a12705b67e47906","keys":[{"column":"position_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_1e4ee1fb601a12705b67e47906\\" ON public.interview USING btree (position_id)"},
    {"name":"IDX_65b9bf8d24fdea8cb2f8523808","keys":[{"column":"lead_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_65b9bf8d24fdea8cb2f8523808\\" ON public.interview USING btree (lead_id)"},
    {"name":"IDX_ac0a6d02c396abfd30354332c3","keys":[{"column":"department_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX \\"IDX_ac0a6d02c396abfd30354332c3\\" ON public.interview USING btree (department_id)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"department","kind":"one","target":"public.department","columns":["department_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview.FK_ac0a6d02c396abfd30354332c37"},
    {"key":"evaluations","kind":"many","target":"public.evaluation","columns":["id"],"targetColumns":["interview_id"],"optional":false,"constraint":"public.evaluation.FK_bc1459032f47b5d2857f940d3ff"},
    {"key":"lead","kind":"one","target":"public.user","columns":["lead_id"],"targetColumns":["id"],"optional":true,"constraint":"public.interview.FK_65b9bf8d24fdea8cb2f85238085"},
    {"key":"position","kind":"one","target":"public.position","columns":["position_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview.FK_1e4ee1fb601a12705b67e479065"},
    {"key":"users","kind":"many","target":"public.user","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.FK_bc1459032f47b5d2857f940d3ff+public.evaluation.FK_764ed32806129494bb330866071","through":{"table":"public.evaluation","columns":["interview_id"],"targetColumns":["user_id"]}}
   ]
  },
  {
   "id": "public.membership",
   "schema": "public",
   "name": "membership",
   "key": "membership",
   "kind": "table",
   "columns": [
    {"name":"team_id","key":"teamId","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"user_id","key":"userId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false}
   ],
   "primaryKey": {"name":"PK_4a615d95cce15a23bc04e67885f","columns":["team_id","user_id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_b03fe5cd64dbd43afdc8ee69e61","columns":["team_id"],"target":"public.team","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"FK_e9c72e8d29784031c96f5c6af8d","columns":["user_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"team","kind":"one","target":"public.team","columns":["team_id"],"targetColumns":["id"],"optional":false,"constraint":"public.membership.FK_b03fe5cd64dbd43afdc8ee69e61"},
    {"key":"user","kind":"one","target":"public.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"public.membership.FK_e9c72e8d29784031c96f5c6af8d"}
   ]
  },
  {
   "id": "public.position",
   "schema": "public",
   "name": "position",
   "key": "position",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"default":"nextval('public.position_id_seq'::regclass)"},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"team_id","key":"teamId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false}
   ],
   "primaryKey": {"name":"PK_b7f483581562b4dc62ae1a5b7e2","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"FK_29cfe324637d4fcb78966e6c80d","columns":["team_id"],"target":"public.team","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["position_id"],"optional":false,"constraint":"public.interview.FK_1e4ee1fb601a12705b67e479065"},
    {"key":"team","kind":"one","target":"public.team","columns":["team_id"],"targetColumns":["id"],"optional":false,"constraint":"public.position.FK_29cfe324637d4fcb78966e6c80d"}
   ]
  },
  {
   "id": "public.team",
   "schema": "public",
   "name": "team",
   "key": "team",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"default":"nextval('public.team_id_seq'::regclass)"},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false}
   ],
   "primaryKey": {"name":"PK_f57d8293406df4af348402e4b74","columns":["id"]},
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
    {"key":"memberships","kind":"many","target":"public.membership","columns":["id"],"targetColumns":["team_id"],"optional":false,"constraint":"public.membership.FK_b03fe5cd64dbd43afdc8ee69e61"},
    {"key":"positions","kind":"many","target":"public.position","columns":["id"],"targetColumns":["team_id"],"optional":false,"constraint":"public.position.FK_29cfe324637d4fcb78966e6c80d"},
    {"key":"users","kind":"many","target":"public.user","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.membership.FK_b03fe5cd64dbd43afdc8ee69e61+public.membership.FK_e9c72e8d29784031c96f5c6af8d","through":{"table":"public.membership","columns":["team_id"],"targetColumns":["user_id"]}}
   ]
  },
  {
   "id": "public.user",
   "schema": "public",
   "name": "user",
   "key": "user",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"default":"nextval('public.user_id_seq'::regclass)"},
    {"name":"username","key":"username","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"full_name","key":"fullName","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"created_at","key":"createdAt","position":4,"type":{"kind":"base","name":"timestamptz"},"sqlType":"timestamp with time zone","nullable":false}
   ],
   "primaryKey": {"name":"PK_cace4a159ff9f2512dd42373760","columns":["id"]},
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
    {"key":"evaluations","kind":"many","target":"public.evaluation","columns":["id"],"targetColumns":["user_id"],"optional":false,"constraint":"public.evaluation.FK_764ed32806129494bb330866071"},
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["lead_id"],"optional":false,"constraint":"public.interview.FK_65b9bf8d24fdea8cb2f85238085"},
    {"key":"interviewsThroughEvaluation","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.FK_764ed32806129494bb330866071+public.evaluation.FK_bc1459032f47b5d2857f940d3ff","through":{"table":"public.evaluation","columns":["user_id"],"targetColumns":["interview_id"]}},
    {"key":"memberships","kind":"many","target":"public.membership","columns":["id"],"targetColumns":["user_id"],"optional":false,"constraint":"public.membership.FK_e9c72e8d29784031c96f5c6af8d"},
    {"key":"teams","kind":"many","target":"public.team","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.membership.FK_e9c72e8d29784031c96f5c6af8d+public.membership.FK_b03fe5cd64dbd43afdc8ee69e61","through":{"table":"public.membership","columns":["user_id"],"targetColumns":["team_id"]}}
   ]
  }
 ],
 "types": [
  {
   "id": "public.interview_status",
   "type": {"kind":"enum","name":"interview_status","schema":"public","labels":["draft","scheduled","done","cancelled"]}
  }
 ],
 "sequences": [
  {"id":"public.department_id_seq","schema":"public","name":"department_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.department.id"},
  {"id":"public.evaluation_id_seq","schema":"public","name":"evaluation_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.evaluation.id"},
  {"id":"public.interview_id_seq","schema":"public","name":"interview_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.interview.id"},
  {"id":"public.position_id_seq","schema":"public","name":"position_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.position.id"},
  {"id":"public.team_id_seq","schema":"public","name":"team_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.team.id"},
  {"id":"public.user_id_seq","schema":"public","name":"user_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.user.id"}
 ],
 "routines": [
  {"id":"public.department_link_adopt(_k1 integer)","schema":"public","name":"department_link_adopt","arguments":"_k1 integer","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_adopt(_k1 integer)\\n RETURNS void\\n LANGUAGE plpgsql\\nAS $function$\\n#variable_conflict use_variable\\nDECLARE\\n  _p1 integer;\\n  _linked boolean;\\nBEGIN\\n  SELECT n.\\"parent_id\\",\\n      -- asked for once: ON CONFLICT would ask for each link, and takes as long as all the rest of them\\n      EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS l WHERE l.\\"node_id\\" = n.\\"id\\")\\n  INTO _p1, _linked FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _k1;\\n  IF NOT FOUND THEN\\n    IF NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      RAISE EXCEPTION 'A parent has come since the transaction began to read.' USING ERRCODE = '40001', DETAIL = 'Node: ' || (_k1)::text, HINT = 'Run the transaction again.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    RETURN;\\n  END IF;\\n  IF _linked THEN\\n    -- by somebody else, meanwhile\\n    IF EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = _k1 AND own.\\"ancestor_id\\" = _k1) THEN\\n      RETURN;\\n    END IF;\\n    RAISE EXCEPTION 'The links of a tree are wrong. (TREE_LINKS_WRONG)' USING ERRCODE = 'XX001', DETAIL = 'Node: ' || (_k1)::text, HINT = 'Mend them: pillion tree rebuild.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  IF EXISTS (\\n    WITH RECURSIVE walk (_p1) AS (\\n      SELECT n.\\"parent_id\\" FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _k1\\n      UNION SELECT n.\\"parent_id\\" FROM walk AS w JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = w._p1\\n      WHERE NOT EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = n.\\"id\\" AND own.\\"ancestor_id\\" = n.\\"id\\")\\n    )\\n    SELECT FROM walk AS w WHERE w._p1 = _k1\\n  ) THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || (_k1)::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  IF _k1 = _p1 THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || (_k1)::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  WHILE NOT (_p1 IS NULL) LOOP\\n    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      PERFORM FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = _p1 AND own.\\"ancestor_id\\" = _p1 FOR SHARE;\\n    ELSE\\n      PERFORM FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own;\\n    END IF;\\n    EXIT WHEN FOUND;\\n    PERFORM \\"public\\".\\"department_link_adopt\\"(_p1);\\n    IF NOT EXISTS (SELECT FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _p1) THEN\\n      EXIT;\\n    END IF;\\n  END LOOP;\\n  IF _linked THEN\\n    DELETE FROM \\"public\\".\\"department_link\\" AS l WHERE l.\\"node_id\\" = _k1;\\n  END IF;\\n  INSERT INTO \\"public\\".\\"department_link\\" AS l (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  SELECT _k1, path.\\"ancestor_id\\", path.\\"distance\\" + 1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1\\n  UNION ALL SELECT _k1, _k1, 0;\\nEND\\n$function$\\n","result":"void"},
  {"id":"public.department_link_hands_off()","schema":"public","name":"department_link_hands_off","arguments":"","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_hands_off()\\n RETURNS trigger\\n LANGUAGE plpgsql\\n SECURITY DEFINER\\n SET search_path TO 'pg_catalog', 'pg_temp'\\n SET row_security TO 'off'\\n SET jit TO 'off'\\nAS $function$\\n#variable_conflict use_variable\\nBEGIN\\n  IF current_setting('pillion.tree', true) IN ('rebuild', 'load') THEN\\n    RETURN NEW;\\n  END IF;\\n  IF TG_OP <> 'INSERT' THEN\\n    RAISE EXCEPTION 'The links of a tree are kept by triggers. (TREE_LINKS_KEPT)' USING ERRCODE = '55000',\\n      HINT = 'Change department; to mend the links: pillion tree rebuild.';\\n  END IF;\\n  RETURN NULL;\\nEND\\n$function$\\n","result":"trigger"},
  {"id":"public.department_link_move(_k1 integer, _p1 integer)","schema":"public","name":"department_link_move","arguments":"_k1 integer, _p1 integer","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_move(_k1 integer, _p1 integer)\\n RETURNS void\\n LANGUAGE plpgsql\\n SET plan_cache_mode TO 'force_generic_plan'\\nAS $function$\\n#variable_conflict use_variable\\nDECLARE\\n  _locked integer[];\\n  _found integer[];\\n  _before integer[];\\n  _circular boolean;\\n  _shifted boolean;\\nBEGIN\\n  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN\\n    RAISE EXCEPTION 'A tree is not changed so at this isolation level. (TREE_ISOLATION)'\\n      USING ERRCODE = '0A000', DETAIL = upper(current_setting('transaction_isolation')), HINT = 'Move nodes at READ COMMITTED.';\\n  END IF;\\n  UPDATE \\"public\\".\\"department_link\\" AS own SET \\"distance\\" = 0 WHERE own.\\"node_id\\" = _k1 AND own.\\"ancestor_id\\" = _k1;\\n  IF NOT FOUND THEN\\n    PERFORM \\"public\\".\\"department_link_adopt\\"(_k1);\\n    RETURN;\\n  END IF;\\n  LOOP\\n    _locked := ARRAY(\\n      SELECT own.\\"node_id\\" FROM (SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = _k1 AND d.\\"distance\\" > 0) AS d JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = d.\\"node_id\\" AND own.\\"ancestor_id\\" = d.\\"node_id\\"\\n      ORDER BY own.\\"node_id\\" FOR UPDATE OF own\\n    );\\n    _found := ARRAY(SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = _k1 AND d.\\"distance\\" > 0 ORDER BY d.\\"node_id\\");\\n    EXIT WHEN _locked = _found;\\n    -- what has no lock will never have one\\n    IF _locked = _before THEN\\n      RAISE EXCEPTION 'The links of a tree are wrong. (TREE_LINKS_WRONG)' USING ERRCODE = 'XX001', DETAIL = 'Node: ' || coalesce(_found[1]::text, ''), HINT = 'Mend them: pillion tree rebuild.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    _before := _locked;\\n  END LOOP;\\n  WHILE NOT (_p1 IS NULL) LOOP\\n    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      PERFORM FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = _p1 AND own.\\"ancestor_id\\" = _p1 FOR SHARE;\\n    ELSE\\n      PERFORM FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own;\\n    END IF;\\n    EXIT WHEN FOUND;\\n    PERFORM \\"public\\".\\"department_link_adopt\\"(_p1);\\n    IF NOT EXISTS (SELECT FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _p1) THEN\\n      EXIT;\\n    END IF;\\n  END LOOP;\\n  -- also what is below it by the links alone: a statement around this one may have moved that, and its own trigger comes later\\n  SELECT coalesce(bool_or(EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS b WHERE b.\\"node_id\\" = path.\\"ancestor_id\\" AND b.\\"ancestor_id\\" = _k1)), false), coalesce(bool_or(old.\\"distance\\" <> path.\\"distance\\" + 1), false)\\n  INTO _circular, _shifted FROM \\"public\\".\\"department_link\\" AS path\\n  LEFT JOIN \\"public\\".\\"department_link\\" AS old ON old.\\"node_id\\" = _k1 AND old.\\"ancestor_id\\" = path.\\"ancestor_id\\"\\n  WHERE path.\\"node_id\\" = _p1;\\n  IF _circular THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || (_k1)::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  INSERT INTO \\"public\\".\\"department_link\\" AS l (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  SELECT d.\\"node_id\\", a.\\"ancestor_id\\", d.\\"distance\\" + a.\\"distance\\" + 1\\n  FROM (\\n    SELECT path.* FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1\\n      AND NOT EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS old WHERE old.\\"node_id\\" = _k1 AND old.\\"ancestor_id\\" = path.\\"ancestor_id\\")\\n  ) AS a CROSS JOIN \\"public\\".\\"department_link\\" AS d\\n  WHERE d.\\"ancestor_id\\" = _k1\\n  ON CONFLICT ON CONSTRAINT \\"department_link_pkey\\" DO UPDATE SET \\"distance\\" = excluded.\\"distance\\"\\n    WHERE l.\\"distance\\" <> excluded.\\"distance\\";\\n  IF _shifted THEN\\n    UPDATE \\"public\\".\\"department_link\\" AS l SET \\"distance\\" = d.\\"distance\\" + a.\\"distance\\" + 1\\n    FROM \\"public\\".\\"department_link\\" AS d, \\"public\\".\\"department_link\\" AS a, \\"public\\".\\"department_link\\" AS old\\n    WHERE d.\\"ancestor_id\\" = _k1 AND a.\\"node_id\\" = _p1\\n      AND old.\\"node_id\\" = _k1 AND old.\\"ancestor_id\\" = a.\\"ancestor_id\\" AND old.\\"distance\\" > 0\\n      AND l.\\"node_id\\" = d.\\"node_id\\" AND l.\\"ancestor_id\\" = a.\\"ancestor_id\\";\\n  END IF;\\n  DELETE FROM \\"public\\".\\"department_link\\" AS l USING (\\n    SELECT old.* FROM \\"public\\".\\"department_link\\" AS old WHERE old.\\"node_id\\" = _k1 AND old.\\"distance\\" > 0\\n      AND NOT EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1 AND path.\\"ancestor_id\\" = old.\\"ancestor_id\\")\\n  ) AS gone CROSS JOIN \\"public\\".\\"department_link\\" AS d\\n  WHERE d.\\"ancestor_id\\" = _k1 AND l.\\"node_id\\" = d.\\"node_id\\" AND l.\\"ancestor_id\\" = gone.\\"ancestor_id\\";\\nEND\\n$function$\\n","result":"void"},
  {"id":"public.department_link_on_delete()","schema":"public","name":"department_link_on_delete","arguments":"","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_on_delete()\\n RETURNS trigger\\n LANGUAGE plpgsql\\n SECURITY DEFINER\\n SET search_path TO 'pg_catalog', 'pg_temp'\\n SET row_security TO 'off'\\n SET jit TO 'off'\\nAS $function$\\n#variable_conflict use_variable\\nDECLARE\\n  _old record;\\n  _locked integer[];\\n  _found integer[];\\n  _before integer[];\\n  _wrong integer;\\n  _taken integer;\\nBEGIN\\n\\n  SELECT o.\\"id\\" AS _k1, o.\\"parent_id\\" AS _p1, EXISTS (SELECT FROM old_rows OFFSET 1) AS _more INTO _old FROM old_rows AS o LIMIT 1;\\n  IF NOT FOUND THEN\\n    RETURN NULL;\\n  END IF;\\n  IF NOT _old._more THEN\\n  LOOP\\n    _locked := ARRAY(\\n      SELECT own.\\"node_id\\" FROM (SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = _old._k1) AS d JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = d.\\"node_id\\" AND own.\\"ancestor_id\\" = d.\\"node_id\\"\\n      ORDER BY own.\\"node_id\\" FOR UPDATE OF own\\n    );\\n    _found := ARRAY(SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d WHERE d.\\"ancestor_id\\" = _old._k1 ORDER BY d.\\"node_id\\");\\n    EXIT WHEN _locked = _found;\\n    -- what has no lock will never have one\\n    IF _locked = _before THEN\\n      RAISE EXCEPTION 'The links of a tree are wrong. (TREE_LINKS_WRONG)' USING ERRCODE = 'XX001', DETAIL = 'Node: ' || coalesce(_found[1]::text, ''), HINT = 'Mend them: pillion tree rebuild.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    _before := _locked;\\n  END LOOP;\\n    IF NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      PERFORM FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _old._k1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own;\\n    END IF;\\n\\n    IF EXISTS (SELECT FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _old._k1) THEN\\n      RAISE EXCEPTION 'A tree gives no key to another row in one statement.' USING ERRCODE = '0A000', DETAIL = 'Node: ' || (_old._k1)::text, HINT = 'Do it in two.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    DELETE FROM \\"public\\".\\"department_link\\" AS l WHERE l.\\"node_id\\" = _old._k1;\\n    DELETE FROM \\"public\\".\\"department_link\\" AS l WHERE l.\\"ancestor_id\\" = _old._k1;\\n  ELSE\\n  LOOP\\n    EXECUTE $q$SELECT ARRAY(\\n      SELECT own.\\"node_id\\" FROM (SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d JOIN old_rows AS o ON d.\\"ancestor_id\\" = o.\\"id\\") AS d JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = d.\\"node_id\\" AND own.\\"ancestor_id\\" = d.\\"node_id\\"\\n      ORDER BY own.\\"node_id\\" FOR UPDATE OF own\\n    )$q$ INTO _locked;\\n    EXECUTE $q$SELECT ARRAY(SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d JOIN old_rows AS o ON d.\\"ancestor_id\\" = o.\\"id\\" ORDER BY d.\\"node_id\\")$q$ INTO _found;\\n    EXIT WHEN _locked = _found;\\n    -- what has no lock will never have one\\n    IF _locked = _before THEN\\n      RAISE EXCEPTION 'The links of a tree are wrong. (TREE_LINKS_WRONG)' USING ERRCODE = 'XX001', DETAIL = 'Node: ' || coalesce(_found[1]::text, ''), HINT = 'Mend them: pillion tree rebuild.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    _before := _locked;\\n  END LOOP;\\n    IF NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      EXECUTE $q$SELECT FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT o.\\"id\\" AS _k1 FROM old_rows AS o) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own$q$;\\n    END IF;\\n\\n    EXECUTE $q$SELECT o.\\"id\\" FROM old_rows AS o JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = o.\\"id\\" LIMIT 1$q$ INTO _taken;\\n    IF _taken IS NOT NULL THEN\\n      RAISE EXCEPTION 'A tree gives no key to another row in one statement.' USING ERRCODE = '0A000', DETAIL = 'Node: ' || _taken::text, HINT = 'Do it in two.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    EXECUTE $q$DELETE FROM \\"public\\".\\"department_link\\" AS l USING old_rows AS o WHERE l.\\"node_id\\" = o.\\"id\\"$q$;\\n    EXECUTE $q$DELETE FROM \\"public\\".\\"department_link\\" AS l USING old_rows AS o WHERE l.\\"ancestor_id\\" = o.\\"id\\"$q$;\\n  END IF;\\n  IF _wrong IS NOT NULL THEN\\n    RAISE EXCEPTION 'A node with children cannot go. (TREE_CHILDREN_LEFT)' USING ERRCODE = '23503', DETAIL = 'Node: ' || _wrong::text, HINT = 'Delete or move them before.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  RETURN NULL;\\nEND\\n$function$\\n","result":"trigger"},
  {"id":"public.department_link_on_insert()","schema":"public","name":"department_link_on_insert","arguments":"","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_on_insert()\\n RETURNS trigger\\n LANGUAGE plpgsql\\n SECURITY DEFINER\\n SET search_path TO 'pg_catalog', 'pg_temp'\\n SET row_security TO 'off'\\n SET jit TO 'off'\\nAS $function$\\n#variable_conflict use_variable\\nDECLARE\\n  _k1 integer;\\n  _p1 integer;\\n  _linked boolean;\\n  _more boolean;\\n  _row record;\\n  _locked integer[];\\n  _found integer[];\\n  _wrong integer;\\nBEGIN\\n\\n  IF current_setting('pillion.tree', true) = 'load' THEN\\n    RETURN NULL;\\n  END IF;\\n  SELECT n.\\"id\\", EXISTS (SELECT FROM new_rows OFFSET 1) INTO _k1, _more FROM new_rows AS n LIMIT 1;\\n  IF NOT FOUND THEN\\n    RETURN NULL;\\n  END IF;\\n  IF NOT _more THEN\\n    SELECT n.\\"parent_id\\",\\n      -- asked for once: ON CONFLICT would ask for each link, and takes as long as all the rest of them\\n      EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS l WHERE l.\\"node_id\\" = n.\\"id\\")\\n    INTO _p1, _linked FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _k1;\\n    IF NOT FOUND THEN\\n      RETURN NULL;\\n    END IF;\\n  IF _k1 = _p1 THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || (_k1)::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  WHILE NOT (_p1 IS NULL) LOOP\\n    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      PERFORM FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = _p1 AND own.\\"ancestor_id\\" = _p1 FOR SHARE;\\n    ELSE\\n      PERFORM FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own;\\n    END IF;\\n    EXIT WHEN FOUND;\\n    PERFORM \\"public\\".\\"department_link_adopt\\"(_p1);\\n    IF NOT EXISTS (SELECT FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _p1) THEN\\n      EXIT;\\n    END IF;\\n  END LOOP;\\n  IF _linked THEN\\n    DELETE FROM \\"public\\".\\"department_link\\" AS l WHERE l.\\"node_id\\" = _k1;\\n  END IF;\\n  INSERT INTO \\"public\\".\\"department_link\\" AS l (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n  SELECT _k1, path.\\"ancestor_id\\", path.\\"distance\\" + 1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = _p1\\n  UNION ALL SELECT _k1, _k1, 0;\\n\\n    RETURN NULL;\\n  END IF;\\n    IF NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      EXECUTE $q$SELECT FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT i.\\"id\\" AS _k1 FROM new_rows AS i) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own$q$;\\n    END IF;\\n  FOR _row IN EXECUTE $q$\\n    SELECT DISTINCT n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n\\n    WHERE (n.\\"parent_id\\" IS NOT NULL) AND NOT EXISTS (SELECT FROM new_rows AS i WHERE i.\\"id\\" = n.\\"parent_id\\")\\n      AND NOT EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = n.\\"parent_id\\" AND own.\\"ancestor_id\\" = n.\\"parent_id\\")\\n  $q$ LOOP\\n    PERFORM \\"public\\".\\"department_link_adopt\\"(_row._p1);\\n  END LOOP;\\n  LOOP\\n    EXECUTE $q$SELECT ARRAY(SELECT own.\\"node_id\\" FROM (SELECT DISTINCT n.\\"parent_id\\" AS _k1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n UNION SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT DISTINCT n.\\"parent_id\\" AS _k1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1 WHERE NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own)$q$ INTO _locked;\\n    EXECUTE $q$SELECT ARRAY(SELECT own.\\"node_id\\" FROM (SELECT DISTINCT n.\\"parent_id\\" AS _k1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n UNION SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT DISTINCT n.\\"parent_id\\" AS _k1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1 WHERE NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\")$q$ INTO _found;\\n    EXIT WHEN _locked = _found;\\n  END LOOP;\\n\\n\\n  EXECUTE $q$\\n    WITH RECURSIVE fresh AS (SELECT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n),\\n    made (_k1, _p1, _far) AS (\\n      SELECT f._k1, v.* FROM fresh AS f CROSS JOIN LATERAL (\\n        SELECT path.\\"ancestor_id\\", path.\\"distance\\" + 1 FROM \\"public\\".\\"department_link\\" AS path WHERE path.\\"node_id\\" = f._p1\\n        UNION ALL SELECT f._k1, 0\\n      ) AS v WHERE NOT EXISTS (SELECT FROM fresh AS i WHERE i._k1 = f._p1)\\n      UNION ALL\\n      SELECT f._k1, v.* FROM made AS m JOIN fresh AS f ON f._p1 = m._k1 CROSS JOIN LATERAL (\\n        SELECT m._p1, m._far + 1\\n        UNION ALL SELECT f._k1, 0 WHERE m._far = 0\\n      ) AS v\\n    )\\n    INSERT INTO \\"public\\".\\"department_link\\" AS l (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n    SELECT made._k1, made._p1, made._far FROM made ON CONFLICT DO NOTHING\\n  $q$;\\n  EXECUTE $q$\\n    SELECT n.\\"id\\" FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n WHERE NOT EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = n.\\"id\\" AND own.\\"ancestor_id\\" = n.\\"id\\") LIMIT 1\\n  $q$ INTO _wrong;\\n  IF _wrong IS NOT NULL THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || _wrong::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n\\n  RETURN NULL;\\nEND\\n$function$\\n","result":"trigger"},
  {"id":"public.department_link_on_truncate()","schema":"public","name":"department_link_on_truncate","arguments":"","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_on_truncate()\\n RETURNS trigger\\n LANGUAGE plpgsql\\n SECURITY DEFINER\\n SET search_path TO 'pg_catalog', 'pg_temp'\\n SET row_security TO 'off'\\n SET jit TO 'off'\\nAS $function$\\n#variable_conflict use_variable\\nBEGIN\\n    TRUNCATE \\"public\\".\\"department_link\\";\\n  RETURN NULL;\\nEND\\n$function$\\n","result":"trigger"},
  {"id":"public.department_link_on_update()","schema":"public","name":"department_link_on_update","arguments":"","kind":"function","volatility":"volatile","definition":"CREATE OR REPLACE FUNCTION public.department_link_on_update()\\n RETURNS trigger\\n LANGUAGE plpgsql\\n SECURITY DEFINER\\n SET search_path TO 'pg_catalog', 'pg_temp'\\n SET row_security TO 'off'\\n SET jit TO 'off'\\nAS $function$\\n#variable_conflict use_variable\\nDECLARE\\n  _old record;\\n  _new record;\\n  _locked integer[];\\n  _found integer[];\\n  _before integer[];\\n  _wrong integer;\\n  _changed boolean;\\n  _row record;\\nBEGIN\\n\\n  SELECT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1, EXISTS (SELECT FROM new_rows OFFSET 1) AS _more INTO _new FROM new_rows AS n LIMIT 1;\\n  IF NOT FOUND THEN\\n    RETURN NULL;\\n  END IF;\\n  IF NOT _new._more THEN\\n    SELECT o.\\"id\\" AS _k1, o.\\"parent_id\\" AS _p1 INTO _old FROM old_rows AS o;\\n    IF _old._k1 = _new._k1 THEN\\n      IF ROW(_old._p1) IS DISTINCT FROM ROW(_new._p1) THEN\\n        SELECT n.\\"parent_id\\" INTO _old._p1 FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _new._k1;\\n    IF NOT FOUND THEN\\n      RETURN NULL;\\n    END IF;\\n        PERFORM \\"public\\".\\"department_link_move\\"(_new._k1, _old._p1);\\n      END IF;\\n      RETURN NULL;\\n    END IF;\\n  END IF;\\n  EXECUTE $q$SELECT EXISTS (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = n.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(n.\\"parent_id\\"))$q$ INTO _changed;\\n  IF NOT _changed THEN\\n    RETURN NULL;\\n  END IF;\\n  IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN\\n    RAISE EXCEPTION 'A tree is not changed so at this isolation level. (TREE_ISOLATION)'\\n      USING ERRCODE = '0A000', DETAIL = upper(current_setting('transaction_isolation')), HINT = 'Move nodes at READ COMMITTED.';\\n  END IF;\\n    IF NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN\\n      EXECUTE $q$SELECT FROM (SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT n.\\"id\\" AS _k1 FROM new_rows AS n WHERE NOT EXISTS (SELECT FROM old_rows AS o WHERE o.\\"id\\" = n.\\"id\\")) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own$q$;\\n    END IF;\\n  EXECUTE $q$\\n    WITH moved AS (\\n      SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")\\n    ), locked AS (\\n      SELECT own.\\"node_id\\" AS _k1 FROM \\"public\\".\\"department_link\\" AS own JOIN moved AS m ON own.\\"node_id\\" = m._k1 AND own.\\"ancestor_id\\" = m._k1 ORDER BY own.\\"node_id\\" FOR UPDATE OF own\\n    )\\n    UPDATE \\"public\\".\\"department_link\\" AS own SET \\"distance\\" = 0 FROM locked AS m WHERE own.\\"node_id\\" = m._k1 AND own.\\"ancestor_id\\" = m._k1\\n  $q$;\\n  LOOP\\n    EXECUTE $q$SELECT ARRAY(\\n      SELECT own.\\"node_id\\" FROM (SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d JOIN (SELECT m._k1 FROM (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")) AS m UNION SELECT o.\\"id\\" AS _k1 FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE n.\\"id\\" = o.\\"id\\")) AS m ON d.\\"ancestor_id\\" = m._k1) AS d JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = d.\\"node_id\\" AND own.\\"ancestor_id\\" = d.\\"node_id\\"\\n      ORDER BY own.\\"node_id\\" FOR UPDATE OF own\\n    )$q$ INTO _locked;\\n    EXECUTE $q$SELECT ARRAY(SELECT d.\\"node_id\\" FROM \\"public\\".\\"department_link\\" AS d JOIN (SELECT m._k1 FROM (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")) AS m UNION SELECT o.\\"id\\" AS _k1 FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE n.\\"id\\" = o.\\"id\\")) AS m ON d.\\"ancestor_id\\" = m._k1 ORDER BY d.\\"node_id\\")$q$ INTO _found;\\n    EXIT WHEN _locked = _found;\\n    -- what has no lock will never have one\\n    IF _locked = _before THEN\\n      RAISE EXCEPTION 'The links of a tree are wrong. (TREE_LINKS_WRONG)' USING ERRCODE = 'XX001', DETAIL = 'Node: ' || coalesce(_found[1]::text, ''), HINT = 'Mend them: pillion tree rebuild.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n    END IF;\\n    _before := _locked;\\n  END LOOP;\\n  FOR _new IN EXECUTE $q$\\n    WITH moved AS (\\n      SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")\\n    ) SELECT DISTINCT m._p1 FROM moved AS m\\n    WHERE NOT (m._p1 IS NULL) AND NOT EXISTS (SELECT FROM new_rows AS i WHERE i.\\"id\\" = m._p1)\\n      AND NOT EXISTS (SELECT FROM \\"public\\".\\"department_link\\" AS own WHERE own.\\"node_id\\" = m._p1 AND own.\\"ancestor_id\\" = m._p1)\\n  $q$ LOOP\\n    PERFORM \\"public\\".\\"department_link_adopt\\"(_new._p1);\\n  END LOOP;\\n  LOOP\\n    EXECUTE $q$SELECT ARRAY(SELECT own.\\"node_id\\" FROM (SELECT DISTINCT m._p1 AS _k1 FROM (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")) AS m UNION SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT DISTINCT m._p1 AS _k1 FROM (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")) AS m) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1 WHERE NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\" FOR SHARE OF own)$q$ INTO _locked;\\n    EXECUTE $q$SELECT ARRAY(SELECT own.\\"node_id\\" FROM (SELECT DISTINCT m._p1 AS _k1 FROM (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")) AS m UNION SELECT path.\\"ancestor_id\\" AS _k1 FROM (SELECT DISTINCT m._p1 AS _k1 FROM (SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")) AS m) AS e JOIN \\"public\\".\\"department_link\\" AS path ON path.\\"node_id\\" = e._k1 WHERE NOT current_setting('transaction_isolation') IN ('read committed', 'read uncommitted')) AS a JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 ORDER BY own.\\"node_id\\")$q$ INTO _found;\\n    EXIT WHEN _locked = _found;\\n  END LOOP;\\n\\n\\n  EXECUTE $q$\\n    WITH RECURSIVE moved AS (\\n      SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")\\n    ), walk (_k1, _p1) AS (\\n      SELECT m._k1, m._p1 FROM moved AS m\\n      UNION SELECT w._k1, n.\\"parent_id\\" FROM walk AS w JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = w._p1\\n    )\\n    SELECT w._k1 FROM walk AS w WHERE w._k1 = w._p1 LIMIT 1\\n  $q$ INTO _wrong;\\n  IF _wrong IS NOT NULL THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || _wrong::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  EXECUTE $q$\\n    WITH RECURSIVE moved AS (\\n      SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")\\n    ), segment AS (\\n      SELECT DISTINCT ON (l.\\"node_id\\") l.\\"node_id\\" AS _k1, m._k1 AS _p1, l.\\"distance\\" AS _far\\n      FROM moved AS m JOIN \\"public\\".\\"department_link\\" AS l ON l.\\"ancestor_id\\" = m._k1\\n      ORDER BY l.\\"node_id\\", l.\\"distance\\"\\n    ), path (_k1, _p1, _n1, _far) AS (\\n      SELECT m._k1, n.\\"id\\", n.\\"parent_id\\", 1 FROM moved AS m JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = m._p1\\n      UNION ALL SELECT a._k1, n.\\"id\\", n.\\"parent_id\\", a._far + 1\\n      FROM path AS a JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = a._n1\\n    )\\n    INSERT INTO \\"public\\".\\"department_link\\" AS l (\\"node_id\\", \\"ancestor_id\\", \\"distance\\")\\n    SELECT s._k1, a._p1, s._far + a._far\\n    FROM segment AS s JOIN path AS a ON a._k1 = s._p1\\n    UNION ALL\\n    SELECT a._k1, a._p1, a._far FROM path AS a\\n    WHERE NOT EXISTS (SELECT FROM segment AS s WHERE s._k1 = a._k1)\\n    UNION ALL\\n    SELECT m._k1, m._k1, 0 FROM moved AS m\\n    ON CONFLICT (\\"node_id\\", \\"ancestor_id\\") DO UPDATE SET \\"distance\\" = excluded.\\"distance\\"\\n    WHERE l.\\"distance\\" <> excluded.\\"distance\\"\\n  $q$;\\n  -- by the links of a statement that is under way yet, whose own trigger comes later, a node may be below what is below it by the pointers\\n  EXECUTE $q$\\n    WITH RECURSIVE moved AS (\\n      SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")\\n    ), path (_k1, _p1, _n1, _far) AS (\\n      SELECT m._k1, n.\\"id\\", n.\\"parent_id\\", 1 FROM moved AS m JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = m._p1\\n      UNION ALL SELECT a._k1, n.\\"id\\", n.\\"parent_id\\", a._far + 1\\n      FROM path AS a JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = a._n1\\n    )\\n    SELECT a._k1 FROM (SELECT DISTINCT a._p1 AS _k1 FROM path AS a) AS a\\n    JOIN \\"public\\".\\"department_link\\" AS own ON own.\\"node_id\\" = a._k1 AND own.\\"ancestor_id\\" = a._k1 WHERE own.\\"distance\\" > 0 LIMIT 1\\n  $q$ INTO _wrong;\\n  IF _wrong IS NOT NULL THEN\\n    RAISE EXCEPTION 'A node cannot be below itself. (TREE_CYCLE)' USING ERRCODE = '23514', DETAIL = 'Node: ' || _wrong::text, HINT = 'Move it elsewhere, or first move what it is to be below.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  EXECUTE $q$\\n    WITH RECURSIVE moved AS (\\n      SELECT DISTINCT n.\\"id\\" AS _k1, n.\\"parent_id\\" AS _p1 FROM new_rows AS _i CROSS JOIN LATERAL (SELECT n.* FROM \\"public\\".\\"department\\" AS n WHERE n.\\"id\\" = _i.\\"id\\" OFFSET 0) AS n LEFT JOIN old_rows AS o ON o.\\"id\\" = _i.\\"id\\"\\n      WHERE o.\\"id\\" IS NULL OR ROW(o.\\"parent_id\\") IS DISTINCT FROM ROW(_i.\\"parent_id\\")\\n    ), segment AS (\\n      SELECT DISTINCT ON (l.\\"node_id\\") l.\\"node_id\\" AS _k1, m._k1 AS _p1, l.\\"distance\\" AS _far\\n      FROM moved AS m JOIN \\"public\\".\\"department_link\\" AS l ON l.\\"ancestor_id\\" = m._k1\\n      ORDER BY l.\\"node_id\\", l.\\"distance\\"\\n    ), path (_k1, _p1, _n1, _far) AS (\\n      SELECT m._k1, n.\\"id\\", n.\\"parent_id\\", 1 FROM moved AS m JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = m._p1\\n      UNION ALL SELECT a._k1, n.\\"id\\", n.\\"parent_id\\", a._far + 1\\n      FROM path AS a JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = a._n1\\n    )\\n    DELETE FROM \\"public\\".\\"department_link\\" AS l USING segment AS s, \\"public\\".\\"department_link\\" AS old\\n    WHERE l.\\"node_id\\" = s._k1 AND old.\\"node_id\\" = s._p1 AND old.\\"distance\\" > 0 AND l.\\"ancestor_id\\" = old.\\"ancestor_id\\"\\n      AND NOT EXISTS (SELECT FROM path AS a WHERE a._k1 = s._p1 AND a._p1 = old.\\"ancestor_id\\")\\n  $q$;\\n  EXECUTE $q$SELECT g._k1 FROM (SELECT o.\\"id\\" AS _k1 FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE n.\\"id\\" = o.\\"id\\")) AS g JOIN \\"public\\".\\"department\\" AS n ON n.\\"id\\" = g._k1 LIMIT 1$q$ INTO _wrong;\\n  IF _wrong IS NOT NULL THEN\\n    RAISE EXCEPTION 'A tree gives no key to another row in one statement.' USING ERRCODE = '0A000', DETAIL = 'Node: ' || _wrong::text, HINT = 'Do it in two.', CONSTRAINT = 'department_link', SCHEMA = 'public', TABLE = 'department';\\n  END IF;\\n  EXECUTE $q$DELETE FROM \\"public\\".\\"department_link\\" AS l USING (SELECT o.\\"id\\" AS _k1 FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE n.\\"id\\" = o.\\"id\\")) AS g WHERE l.\\"node_id\\" = g._k1$q$;\\n  EXECUTE $q$DELETE FROM \\"public\\".\\"department_link\\" AS l USING (SELECT o.\\"id\\" AS _k1 FROM old_rows AS o WHERE NOT EXISTS (SELECT FROM new_rows AS n WHERE n.\\"id\\" = o.\\"id\\")) AS g WHERE l.\\"ancestor_id\\" = g._k1$q$;\\n\\n\\n  RETURN NULL;\\nEND\\n$function$\\n","result":"trigger"}
 ],
 "servers": []
}`)

export const tables: p.Roots<DB> = p.tables<DB>(catalog)
