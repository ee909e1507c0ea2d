export { checkTypes, type TypeNote, type TypesEnv } from './check-types.ts';
export type { Fitness } from './check-scalar.ts';
export { inferExpression } from './infer.ts';
export { schemaTypes, type SchemaTypes } from './schema-type.ts';
export type { Type } from './type.ts';
export { inFull, wordsOf } from './words.ts';
