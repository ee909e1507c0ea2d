export { childrenOf, pairsOf, type AstNode, type Pair, type Stage } from './ast.ts';
export { compileProgram, refusalOf, type Program, type Refusal } from './engine.ts';
export { pad } from './functions/texts.ts';
