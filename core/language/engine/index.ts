export type { AstNode } from './ast.ts';
export { compileProgram, type EngineOptions, type Program, type Refusal } from './engine.ts';
