export { inferSchema, type Inferred, type InferOptions, type InferReport } from './infer-schema.ts';
