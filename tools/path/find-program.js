import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * The first program of that name: on the path, or in one of the folders beside it.
 *
 * @param {string} name
 * @param {readonly string[]} folders
 * @returns {string | undefined}
 */
export function findProgram(name, folders = []) {
  const { PATH = '' } = process.env
  return [...PATH.split(delimiter), ...folders].map(folder => join(folder, name)).find(isProgram)
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
