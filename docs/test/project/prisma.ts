import { PrismaPg } from '@prisma/adapter-pg'
import { pillionAdapter } from 'pillion/prisma'
import { PrismaClient } from './generated/prisma/client.js'

export const prisma = new PrismaClient({
  adapter: pillionAdapter(new PrismaPg({ connectionString: process.env.DATABASE_URL ?? '' })),
})
