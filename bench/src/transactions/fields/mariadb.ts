/** `mariadb`, by the driver's own calls. @module */
import mariadb from 'mariadb'
import { fieldOn } from '../by-statement.js'
import type { Open } from '../field.js'

export const open: Open = url =>
  fieldOn('mariadb', mariadb.createPool(`${url.replace(/^mysql:/, 'mariadb:')}?connectionLimit=1`))
