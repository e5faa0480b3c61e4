// What words about trees take and give, over a key of one column and of several.
import { count, list, some } from 'pillion'
import { type Composite, type Reached, type Tree, tree } from 'pillion/tree'
import { db, department, interview, page, row, scope, typeOf, yields } from './expect.js'

const departments = tree(department, { parent: 'parentId' })
const pages = tree(page, { key: ['tenantId', 'id'], parent: ['tenantId', 'parentId'] })

// --- one column: its value is the key
typeOf(departments).is<Tree<number>>()
scope(departments.under(department, 1)).is<'joined'>()
scope(departments.under(some(department.interviews).departmentId, department.id)).is<'joined' | 'semi'>()
scope(departments.isRoot(department)).is<'joined'>()
yields(departments.commonAncestor(1, 2)).is<number | null>()
row(db.from(departments.descendants(1))).is<Reached<number>>()
row(
  db.from(department).select({ depth: departments.depth(department), path: departments.path(department, d => d.name) }),
).is<{ depth: number; path: { readonly of: string }[] }>()

// --- several columns: an object of them is
typeOf(pages).is<Tree<Composite<{ readonly tenantId: number; readonly id: string }>>>()
const top = { tenantId: 1, id: 'a' }
scope(pages.under(page, top)).is<'joined'>()
scope(pages.under({ tenantId: interview.id, id: interview.title }, top)).is<'joined'>()
scope(pages.under({ tenantId: some(interview.evaluations).rating, id: interview.title }, top)).is<'joined' | 'semi'>()
scope(pages.above(page, { tenantId: interview.id, id: 'a' })).is<'joined'>()
yields(pages.commonAncestor(top, top).tenantId).is<number | null>()
yields(pages.commonAncestor(top, top).id).is<string | null>()
row(db.from(page).select({ nearest: pages.commonAncestor(top, top) })).is<{
  nearest: { readonly tenantId: number | null; readonly id: string | null }
}>()
scope(pages.under(page, pages.commonAncestor(top, top))).is<'joined'>()
row(db.from(pages.ancestors(top))).is<{ readonly tenantId: number; readonly id: string; readonly distance: number }>()
yields(count(pages.below(page), link => link.distance.eq(1))).is<number>()
yields(list(pages.over(page), link => ({ id: link.id }))).is<{ id: string }[]>()
