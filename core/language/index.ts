export { applyDefaults } from './defaults.ts';
export { editorSchemas, mappingsFolderSchema, type EditorFile, type ProjectNames } from './editor/index.ts';
export { checkExpression, type ExpressionMistake } from './expression-check.ts';
export {
  compileExpression,
  DEFAULT_EXPRESSION_LIMITS,
  type Expression,
  type ExpressionLimits,
  type ExpressionOptions,
} from './expression.ts';
export { CHECKS, type Check, type CheckCode, type Severity } from './check-codes.ts';
export { expressionsOf, type PlacedExpression } from './expressions-of.ts';
export { CONNECTIONS_FORM, HUB_FORM, MAPPING_FORM } from './file-schemas.ts';
export { inferSchema, type Inferred, type InferOptions, type InferReport } from './inference/index.ts';
export { inlineRefs } from './inline-refs.ts';
export { loadHub } from './load-hub.ts';
export { loadProject, type Loaded, type LoadOptions } from './load-project.ts';
export { loadSchemas, type LoadedSchemas } from './load-schemas.ts';
export { coverPoints, type Choice, type CoverPoints } from './cover-points.ts';
export { compileMap } from './map.ts';
export {
  convertSchema,
  operationsOf,
  readOpenApi,
  requestBody,
  responseBody,
  schemasOf,
  statusesOf,
  type BodyDirection,
  type OpenApiDocument,
  type OpenApiOperation,
} from './openapi/index.ts';
export { formatProblem } from './problem.ts';
export { projectFolder, type ProjectFolder } from './project-folder.ts';
export type {
  BreakerConfig,
  ConnectionConfig,
  ConnectionLimits,
  Fix,
  HubConfig,
  Problem,
  Project,
} from './project.ts';
export { schemaRegistry, type SchemaRegistry, type Validator } from './schema.ts';
export type { SchemaFault } from './schema-faults.ts';
export { surveyProject } from './survey-project.ts';
export { secretPaths } from './secrets.ts';
export { markSensitive, type Marked, type ScalarPlace } from './sensitive.ts';
export { shaper } from './shape.ts';
export { checkTypes, inferExpression, inFull, schemaTypes, wordsOf, type TypeNote } from './types/index.ts';
export { yamlFaults } from './yaml-faults.ts';
