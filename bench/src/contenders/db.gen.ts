// Written by pillion reflect. Do not edit: run it again.
import * as p from 'pillion'

export interface CompanyRow {
  id: number
  name: string
  city: string
}
export interface Company<N = never, S extends p.Scope = 'joined'> extends p.Handle<CompanyKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly name: p.Column<string | N, S>
  readonly city: p.Column<string | N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
}
export interface CompanyKind extends p.Kind {
  readonly row: CompanyRow
  readonly handle: Company<this['nullable'], this['scope']>
}

export interface EvaluationRow {
  id: number
  interviewId: number
  userId: number
  rating: number
  note: string | null
}
export interface Evaluation<N = never, S extends p.Scope = 'joined'> extends p.Handle<EvaluationKind, N, S> {
  /** identity, by default */
  readonly id: p.Column<number | N, S>
  readonly interviewId: p.Column<number | N, S>
  readonly userId: p.Column<number | N, S>
  readonly rating: p.Column<number | N, S>
  readonly note: p.Column<string | null | N, S>
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
  status: string
  score: number
  remote: boolean
  createdAt: Date
  companyId: number
  authorId: number
}
export interface Interview<N = never, S extends p.Scope = 'joined'> extends p.Handle<InterviewKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly title: p.Column<string | N, S>
  readonly status: p.Column<string | N, S>
  readonly score: p.Column<number | N, S>
  readonly remote: p.Column<boolean | N, S>
  readonly createdAt: p.Column<Date | N, S>
  readonly companyId: p.Column<number | N, S>
  readonly authorId: p.Column<number | N, S>
  readonly author: User<N, S>
  readonly company: Company<N, S>
  readonly evaluations: p.Many<EvaluationKind, N, S>
  readonly users: p.Many<UserKind, N, S>
}
export interface InterviewKind extends p.Kind {
  readonly row: InterviewRow
  readonly handle: Interview<this['nullable'], this['scope']>
}

export interface UserRow {
  id: number
  username: string
  active: boolean
}
export interface User<N = never, S extends p.Scope = 'joined'> extends p.Handle<UserKind, N, S> {
  readonly id: p.Column<number | N, S>
  readonly username: p.Column<string | N, S>
  readonly active: p.Column<boolean | N, S>
  readonly evaluations: p.Many<EvaluationKind, N, S>
  readonly interviews: p.Many<InterviewKind, N, S>
  readonly interviewsThroughEvaluation: p.Many<InterviewKind, N, S>
}
export interface UserKind extends p.Kind {
  readonly row: UserRow
  readonly handle: User<this['nullable'], this['scope']>
}

/** Every table and view, by its key. */
export interface DB {
  readonly company: Company
  readonly evaluation: Evaluation
  readonly interview: Interview
  readonly user: User
}

/** What the file was written from: `pillion<DB>(host, { previous: catalog })` keeps its names. */
export const catalog: p.Catalog = p.parseSnapshot(`{
 "pillion": 1,
 "dialect": "postgres",
 "version": 150020,
 "defaultSchema": "public",
 "names": "camel",
 "schemas": ["public"],
 "extensions": [],
 "tables": [
  {
   "id": "public.company",
   "schema": "public",
   "name": "company",
   "key": "company",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"name","key":"name","position":2,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"city","key":"city","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false}
   ],
   "primaryKey": {"name":"company_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["company_id"],"optional":false,"constraint":"public.interview.interview_company_id_fkey"}
   ]
  },
  {
   "id": "public.evaluation",
   "schema": "public",
   "name": "evaluation",
   "key": "evaluation",
   "kind": "table",
   "columns": [
    {"name":"id","key":"id","position":1,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false,"identity":"by default"},
    {"name":"interview_id","key":"interviewId","position":2,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"user_id","key":"userId","position":3,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"rating","key":"rating","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"note","key":"note","position":5,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":true}
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
   "indexes": [
    {"name":"evaluation_user_id_idx","keys":[{"column":"user_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX evaluation_user_id_idx ON public.evaluation USING btree (user_id)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
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
    {"name":"status","key":"status","position":3,"type":{"kind":"base","name":"text"},"sqlType":"text","nullable":false},
    {"name":"score","key":"score","position":4,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"remote","key":"remote","position":5,"type":{"kind":"base","name":"bool"},"sqlType":"boolean","nullable":false},
    {"name":"created_at","key":"createdAt","position":6,"type":{"kind":"base","name":"timestamptz","modifier":"3"},"sqlType":"timestamp(3) with time zone","nullable":false},
    {"name":"company_id","key":"companyId","position":7,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false},
    {"name":"author_id","key":"authorId","position":8,"type":{"kind":"base","name":"int4"},"sqlType":"integer","nullable":false}
   ],
   "primaryKey": {"name":"interview_pkey","columns":["id"]},
   "uniques": [],
   "foreignKeys": [
    {"name":"interview_author_id_fkey","columns":["author_id"],"target":"public.user","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true},
    {"name":"interview_company_id_fkey","columns":["company_id"],"target":"public.company","targetColumns":["id"],"onUpdate":"no action","onDelete":"no action","validated":true}
   ],
   "checks": [],
   "exclusions": [],
   "indexes": [
    {"name":"interview_author_id_idx","keys":[{"column":"author_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX interview_author_id_idx ON public.interview USING btree (author_id)"},
    {"name":"interview_company_id_idx","keys":[{"column":"company_id"}],"unique":false,"method":"btree","definition":"CREATE INDEX interview_company_id_idx ON public.interview USING btree (company_id)"}
   ],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"author","kind":"one","target":"public.user","columns":["author_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview.interview_author_id_fkey"},
    {"key":"company","kind":"one","target":"public.company","columns":["company_id"],"targetColumns":["id"],"optional":false,"constraint":"public.interview.interview_company_id_fkey"},
    {"key":"evaluations","kind":"many","target":"public.evaluation","columns":["id"],"targetColumns":["interview_id"],"optional":false,"constraint":"public.evaluation.evaluation_interview_id_fkey"},
    {"key":"users","kind":"many","target":"public.user","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.evaluation_interview_id_fkey+public.evaluation.evaluation_user_id_fkey","through":{"table":"public.evaluation","columns":["interview_id"],"targetColumns":["user_id"]}}
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
    {"name":"active","key":"active","position":3,"type":{"kind":"base","name":"bool"},"sqlType":"boolean","nullable":false}
   ],
   "primaryKey": {"name":"user_pkey","columns":["id"]},
   "uniques": [
    {"name":"user_username_key","columns":["username"]}
   ],
   "foreignKeys": [],
   "checks": [],
   "exclusions": [],
   "indexes": [],
   "triggers": [],
   "policies": [],
   "relations": [
    {"key":"evaluations","kind":"many","target":"public.evaluation","columns":["id"],"targetColumns":["user_id"],"optional":false,"constraint":"public.evaluation.evaluation_user_id_fkey"},
    {"key":"interviews","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["author_id"],"optional":false,"constraint":"public.interview.interview_author_id_fkey"},
    {"key":"interviewsThroughEvaluation","kind":"many","target":"public.interview","columns":["id"],"targetColumns":["id"],"optional":false,"constraint":"public.evaluation.evaluation_user_id_fkey+public.evaluation.evaluation_interview_id_fkey","through":{"table":"public.evaluation","columns":["user_id"],"targetColumns":["interview_id"]}}
   ]
  }
 ],
 "types": [],
 "sequences": [
  {"id":"public.evaluation_id_seq","schema":"public","name":"evaluation_id_seq","type":"integer","start":"1","increment":"1","min":"1","max":"2147483647","cache":"1","cycle":false,"ownedBy":"public.evaluation.id"}
 ],
 "routines": [],
 "servers": []
}`)

export const tables: p.Roots<DB> = p.tables<DB>(catalog)
