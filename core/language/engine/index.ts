export type { AstNode } from './ast.ts';
export { compileProgram, refusalOf, type EngineOptions, type Program, type Refusal } from './engine.ts';
