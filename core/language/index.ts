export { applyDefaults } from './defaults.ts';
export { checkExpression, EXPRESSION_BINDINGS, type ExpressionMistake } from './expression-check.ts';
export {
  compileExpression,
  DEFAULT_EXPRESSION_LIMITS,
  type Expression,
  type ExpressionLimits,
} from './expression.ts';
export { compileMap } from './map.ts';
export { formatProblem } from './problem.ts';
export type {
  BreakerConfig,
  ConnectionConfig,
  ConnectionLimits,
  HubConfig,
  Problem,
  Project,
} from './project.ts';
export { schemaRegistry, type SchemaFault, type SchemaRegistry, type Validator } from './schema.ts';
export { shaper } from './shape.ts';
