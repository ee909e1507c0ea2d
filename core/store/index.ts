export type { Database, Db } from './database.ts';
export { openEmbedded } from './embedded.ts';
export { GroupCommit } from './group-commit.ts';
export { descendantId, lowestIdAt, newId, timeOfId } from './ids.ts';
export { isMissingPartition, storeError } from './knex-database.ts';
export { migrate, migrateDown } from './migrate.ts';
export { ensurePartitions, listPartitions, PARTITIONED, partitionBounds, startOfDay } from './partitions.ts';
export type { Partition, PartitionedTable } from './partitions.ts';
export { connectPostgres, openPostgres } from './postgres.ts';
