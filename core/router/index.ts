export { compileMapping } from './program.ts';
export type { Enrich, ProgramEnv, Routed, RouteProgram, Watch } from './program.ts';
