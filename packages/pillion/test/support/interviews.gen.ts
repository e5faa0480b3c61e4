// Written by pillion reflect. Do not edit: run it again.
import * as p from 'pillion'

export type InterviewStatus = 'open' | 'held' | 'closed'

export interface CommentRow {
  id: number
  evaluationId: bigint
  authorId: number | null
  body: string
}
export interface Comment<N = never, S extends p.Scope = 'joined'> extends p.Handle<CommentKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly evaluationId: p.Column<bigint | N, S>
  readonly authorId: p.Column<number | null | N, S>
  readonly body: p.Column<string | N, S>
  readonly author: User<null, S>
  readonly evaluation: Evaluation<N, S>
}
export interface CommentKind extends p.Kind {
  readonly row: CommentRow
  readonly handle: Comment<this['nullable'], this['scope']>
}

export interface DepartmentRow {
  id: number
  name: string
  parentId: number | null
}
export interface Department<N = never, S extends p.Scope = 'joined'> extends p.Handle<DepartmentKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly name: p.Column<string | N, S>
  readonly parentId: p.Column<number | null | N, S>
  readonly departments: p.Many<DepartmentKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly parent: Department<null, S>
  readonly users: p.Many<UserKind, N, S>
}
export interface DepartmentKind extends p.Kind {
  readonly row: DepartmentRow
  readonly handle: Department<this['nullable'], this['scope']>
}

export interface EvaluationRow {
  id: bigint
  interviewId: number
  userId: number
  rating: number | null
  note: string | null
  createdAt: Date
}
export interface Evaluation<N = never, S extends p.Scope = 'joined'> extends p.Handle<EvaluationKind, N, S> {
  readonly id: p.Column<bigint | N, S>
  readonly interviewId: p.Column<number | N, S>
  readonly userId: p.Column<number | N, S>
  readonly rating: p.Column<number | null | N, S>
  readonly note: p.Column<string | null | N, S>
  /** default now() */
  readonly createdAt: p.Column<Date | N, S>
  readonly comments: p.Many<CommentKind, N, S>
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
  status: InterviewStatus
  ownerId: number
  leadId: number | null
  departmentId: number
  budget: string | null
  createdAt: Date
  heldOn: string | null
}
export interface Interview<N = never, S extends p.Scope = 'joined'> extends p.Handle<InterviewKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly title: p.Column<string | N, S>
  /** default 'open'::public.interview_status */
  readonly status: p.Column<InterviewStatus | N, S>
  readonly ownerId: p.Column<number | N, S>
  readonly leadId: p.Column<number | null | N, S>
  readonly departmentId: p.Column<number | N, S>
  readonly budget: p.Column<string | null | N, S>
  /** default now() */
  readonly createdAt: p.Column<Date | N, S>
  readonly heldOn: p.Column<string | null | N, S>
  readonly department: Department<N, S>
  readonly evaluations: p.Many<EvaluationKind, N, S>
  readonly interviewTags: p.Many<InterviewTagKind, N, S>
  readonly lead: User<null, S>
  readonly owner: User<N, S>
  readonly tags: p.Many<TagKind, N, S>
  readonly users: p.Many<UserKind, N, S>
}
export interface InterviewKind extends p.Kind {
  readonly row: InterviewRow
  readonly handle: Interview<this['nullable'], this['scope']>
}

export interface InterviewSummaryRow {
  id: number
  title: string
  lead: string | null
}
export interface InterviewSummary<N = never, S extends p.Scope = 'joined'> extends p.Handle<InterviewSummaryKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly title: p.Column<string | N, S>
  readonly lead: p.Column<string | null | N, S>
}
export interface InterviewSummaryKind extends p.Kind {
  readonly row: InterviewSummaryRow
  readonly handle: InterviewSummary<this['nullable'], this['scope']>
}

export interface InterviewTagRow {
  interviewId: number
  tagId: number
}
export interface InterviewTag<N = never, S extends p.Scope = 'joined'> extends p.Handle<InterviewTagKind, N, S> {
  readonly interviewId: p.Column<number | N, S>
  readonly tagId: p.Column<number | N, S>
  readonly interview: Interview<N, S>
  readonly tag: Tag<N, S>
}
export interface InterviewTagKind extends p.Kind {
  readonly row: InterviewTagRow
  readonly handle: InterviewTag<this['nullable'], this['scope']>
}

export interface ProfileRow {
  userId: number
  bio: string
}
export interface Profile<N = never, S extends p.Scope = 'joined'> extends p.Handle<ProfileKind, N, S> {
  readonly userId: p.Column<number | N, S>
  readonly bio: p.Column<string | N, S>
  readonly user: User<N, S>
}
export interface ProfileKind extends p.Kind {
  readonly row: ProfileRow
  readonly handle: Profile<this['nullable'], this['scope']>
}

export interface TagRow {
  id: number
  label: string
}
export interface Tag<N = never, S extends p.Scope = 'joined'> extends p.Handle<TagKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly label: p.Column<string | N, S>
  readonly interviewTags: p.Many<InterviewTagKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
}
export interface TagKind extends p.Kind {
  readonly row: TagRow
  readonly handle: Tag<this['nullable'], this['scope']>
}

export interface UserRow {
  id: number
  username: string
  email: string | null
  departmentId: number | null
}
export interface User<N = never, S extends p.Scope = 'joined'> extends p.Handle<UserKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly username: p.Column<string | N, S>
  readonly email: p.Column<string | null | N, S>
  readonly departmentId: p.Column<number | null | N, S>
  readonly comments: p.Many<CommentKind, N, S>
  readonly department: Department<null, S>
  readonly evaluations: p.Many<EvaluationKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly interviewsByLead: p.Many<InterviewKind, N, S>
  readonly interviewsByOwner: p.Many<InterviewKind, N, S>
  readonly profile: Profile<null, S>
}
export interface UserKind extends p.Kind {
  readonly row: UserRow
  readonly handle: User<this['nullable'], this['scope']>
}

/** Every table and view, by its key. */
export interface DB {
  readonly comment: Comment
  readonly department: Department
  readonly evaluation: Evaluation
  readonly interview: Interview
  readonly interviewSummary: InterviewSummary
  readonly interviewTag: InterviewTag
  readonly profile: Profile
  readonly tag: Tag
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
   "id": "public.comment",
   "schema": "public",
   "name": "comment",
   "key": "comment",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"evaluation_id","key":"evaluationId","position":2,"type":{"kind":"base","name":"int8"},"sqlType":"bigint","nullable":false},
    {"name":"author_id","key":"authorId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true},
    {"name":"body","key":"body","position":4,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false}
   ],
   "primaryKey": {"name":"comment_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"comment_author_id_fkey","columns":["author_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"comment_evaluation_id_fkey","columns":["evaluation_id"],"target":"public.evaluation","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"author","kind":"one","target":"public.user","columns":["author_id"],"targetColumns":["id"],"optional":true,"constraint":"public.comment.comment_author_id_fkey"},
    {"key":"evaluation","kind":"one","target":"public.evaluation","columns":["evaluation_id"],"targetColumns":["id"],"optional":false,"constraint":"public.comment.comment_evaluation_id_fkey"}
   ]
  },
  {
   "id": "public.department",
   "schema": "public",
   "name": "department",
   "key": "department",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"parent_id","key":"parentId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true}
   ],
   "primaryKey": {"name":"department_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"department_parent_id_fkey","columns":["parent_id"],"target":"public.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"departments","kind":"many","target":"public.department","columns":["id"],"targetColumns":["parent_id"],"optional":false,"constraint":"public.department.department_parent_id_fkey"},
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["department_id"],"optional":false,"constraint":"public.interview.interview_department_id_fkey"},
    {"key":"parent","kind":"one","target":"public.department","columns":["parent_id"],"targetColumns":["id"],"optional":true,"constraint":"public.department.department_parent_id_fkey"},
    {"key":"users","kind":"many","target":"public.user","columns":["id"],"targetColumns":["department_id"],"optional":false,"constraint":"public.user.user_department_id_fkey"}
   ]
  },
  {
   "id": "public.evaluation",
   "schema": "public",
   "name": "evaluation",
   "key": "evaluation",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int8"},"sqlType":"bigint","nullable":false},
    {"name":"interview_id","key":"interviewId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"user_id","key":"userId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"rating","key":"rating","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true},
    {"name":"note","key":"note","position":5,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":true},
    {"name":"created_at","key":"createdAt","position":6,"type":{"kind":"base","name":"timestamptz"},"sqlType":"timestamp with time zone","nullable":false,"default":"now()"}
   ],
   "primaryKey": {"name":"evaluation_pkey","columns":["id"]},
   "uniques": [
    {"name":"evaluation_interview_id_user_id_key","columns":["interview_id","user_id"]}
   ],
   "foreignKeys": [
    {"name":"evaluation_interview_id_fkey","columns":["interview_id"],"target":"public.interview","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"evaluation_user_id_fkey","columns":["user_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"comments","kind":"many","target":"public.comment","columns":["id"],"targetColumns":["evaluation_id"],"optional":false,"constraint":"public.comment.comment_evaluation_id_fkey"},
    {"key":"interview","kind":"one","target":"public.interview","columns":["interview_id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.evaluation_interview_id_fkey"},
    {"key":"user","kind":"one","target":"public.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.evaluation_user_id_fkey"}
   ]
  },
  {
   "id": "public.interview",
   "schema": "public",
   "name": "interview",
   "key": "interview",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"status","key":"status","position":3,"type":{"kind":"enum","name":"interview_status","schema":"public","labels":["open","held","closed"]},"sqlType":"public.interview_status","nullable":false,"default":"'open'::public.interview_status"},
    {"name":"owner_id","key":"ownerId","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"lead_id","key":"leadId","position":5,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true},
    {"name":"department_id","key":"departmentId","position":6,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"budget","key":"budget","position":7,"type":{"kind":"base","name":"numeric","modifier":"20,2"},"sqlType":"numeric(20,2)","nullable":true},
    {"name":"created_at","key":"createdAt","position":8,"type":{"kind":"base","name":"timestamptz"},"sqlType":"timestamp with time zone","nullable":false,"default":"now()"},
    {"name":"held_on","key":"heldOn","position":9,"type":{"kind":"base","name":"date"},"sqlType":"date","nullable":true}
   ],
   "primaryKey": {"name":"interview_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"interview_department_id_fkey","columns":["department_id"],"target":"public.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"interview_lead_id_fkey","columns":["lead_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"interview_owner_id_fkey","columns":["owner_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"department","kind":"one","target":"public.department","columns":["department_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview.interview_department_id_fkey"},
    {"key":"evaluations","kind":"many","target":"public.evaluation","columns":["id"],"targetColumns":["interview_id"],"optional":false,"constraint":"public.evaluation.evaluation_interview_id_fkey"},
    {"key":"interviewTags","kind":"many","target":"public.interview_tag","columns":["id"],"targetColumns":["interview_id"],"optional":false,"constraint":"public.interview_tag.interview_tag_interview_id_fkey"},
    {"key":"lead","kind":"one","target":"public.user","columns":["lead_id"],"targetColumns":["id"],"optional":true,"constraint":"public.interview.interview_lead_id_fkey"},
    {"key":"owner","kind":"one","target":"public.user","columns":["owner_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview.interview_owner_id_fkey"},
    {"key":"tags","kind":"many","target":"public.tag","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview_tag.interview_tag_interview_id_fkey+public.interview_tag.interview_tag_tag_id_fkey","through":{"table":"public.interview_tag","columns":["interview_id"],"targetColumns":["tag_id"]}},
    {"key":"users","kind":"many","target":"public.user","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.evaluation_interview_id_fkey+public.evaluation.evaluation_user_id_fkey","through":{"table":"public.evaluation","columns":["interview_id"],"targetColumns":["user_id"]}}
   ]
  },
  {
   "id": "public.interview_summary",
   "schema": "public",
   "name": "interview_summary",
   "key": "interviewSummary",
   "kind": "view",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"title","key":"title","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"lead","key":"lead","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":true}
   ],
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [],
   "definition": "SELECT i.id,\\n    i.title,\\n    l.username AS lead\\n   FROM (public.interview i\\n     LEFT JOIN public.\\"user\\" l ON ((l.id = i.lead_id)))",
   "dependsOn": ["public.interview","public.user"]
  },
  {
   "id": "public.interview_tag",
   "schema": "public",
   "name": "interview_tag",
   "key": "interviewTag",
   "kind": "table",
   "columns": [
    {"name":"interview_id","key":"interviewId","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"tag_id","key":"tagId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false}
   ],
   "primaryKey": {"name":"interview_tag_pkey","columns":["interview_id","tag_id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"interview_tag_interview_id_fkey","columns":["interview_id"],"target":"public.interview","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"interview_tag_tag_id_fkey","columns":["tag_id"],"target":"public.tag","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interview","kind":"one","target":"public.interview","columns":["interview_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview_tag.interview_tag_interview_id_fkey"},
    {"key":"tag","kind":"one","target":"public.tag","columns":["tag_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview_tag.interview_tag_tag_id_fkey"}
   ]
  },
  {
   "id": "public.profile",
   "schema": "public",
   "name": "profile",
   "key": "profile",
   "kind": "table",
   "columns": [
    {"name":"user_id","key":"userId","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"bio","key":"bio","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false}
   ],
   "primaryKey": {"name":"profile_pkey","columns":["user_id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"profile_user_id_fkey","columns":["user_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"user","kind":"one","target":"public.user","columns":["user_id"],"targetColumns":["id"],"optional":false,"constraint":"public.profile.profile_user_id_fkey"}
   ]
  },
  {
   "id": "public.tag",
   "schema": "public",
   "name": "tag",
   "key": "tag",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"label","key":"label","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false}
   ],
   "primaryKey": {"name":"tag_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interviewTags","kind":"many","target":"public.interview_tag","columns":["id"],"targetColumns":["tag_id"],"optional":false,"constraint":"public.interview_tag.interview_tag_tag_id_fkey"},
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview_tag.interview_tag_tag_id_fkey+public.interview_tag.interview_tag_interview_id_fkey","through":{"table":"public.interview_tag","columns":["tag_id"],"targetColumns":["interview_id"]}}
   ]
  },
  {
   "id": "public.user",
   "schema": "public",
   "name": "user",
   "key": "user",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"username","key":"username","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"email","key":"email","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":true},
    {"name":"department_id","key":"departmentId","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":true}
   ],
   "primaryKey": {"name":"user_pkey","columns":["id"]},
   "uniques": [
    {"name":"user_username_key","columns":["username"]}
   ],
   "foreignKeys": [
    {"name":"user_department_id_fkey","columns":["department_id"],"target":"public.department","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"comments","kind":"many","target":"public.comment","columns":["id"],"targetColumns":["author_id"],"optional":false,"constraint":"public.comment.comment_author_id_fkey"},
    {"key":"department","kind":"one","target":"public.department","columns":["department_id"],"targetColumns":["id"],"optional":true,"constraint":"public.user.user_department_id_fkey"},
    {"key":"evaluations","kind":"many","target":"public.evaluation","columns":["id"],"targetColumns":["user_id"],"optional":false,"constraint":"public.evaluation.evaluation_user_id_fkey"},
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.evaluation_user_id_fkey+public.evaluation.evaluation_interview_id_fkey","through":{"table":"public.evaluation","columns":["user_id"],"targetColumns":["interview_id"]}},
    {"key":"interviewsByLead","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["lead_id"],"optional":false,"constraint":"public.interview.interview_lead_id_fkey"},
    {"key":"interviewsByOwner","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["owner_id"],"optional":false,"constraint":"public.interview.interview_owner_id_fkey"},
    {"key":"profile","kind":"one","target":"public.profile","columns":["id"],"targetColumns":["user_id"],"optional":true,"constraint":"public.profile.profile_user_id_fkey"}
   ]
  }
 ],
 "types": [
  {
   "id": "public.interview_status",
   "type": {"kind":"enum","name":"interview_status","schema":"public","labels":["open","held","closed"]}
  }
 ],
 "sequences": [],
 "routines": [],
 "servers": []
}`)

export const tables: p.Roots<DB> = p.tables<DB>(catalog)
