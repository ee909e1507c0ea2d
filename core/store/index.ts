export type { Database, Db } from './database.ts';
