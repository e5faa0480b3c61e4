/** `mysql2`, by the driver's own calls. @module */
import mysql from 'mysql2/promise'
import { fieldOn, type Pool } from '../by-statement.js'
import type { Open } from '../field.js'

export const open: Open = uri => fieldOn('mysql2', mysql.createPool({ uri, connectionLimit: 1 }) as unknown as Pool)
