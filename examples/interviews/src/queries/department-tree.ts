/**
 * The tree of departments.
 *
 * @module
 */
import { tree } from 'pillion/tree'
import { tables } from '../db.js'

const { department, departmentLink } = tables

/** What is above and below a department, by the links that triggers keep. */
export const departmentTree = tree(department, { parent: 'parentId', closure: departmentLink })
