export { editorSchemas, mappingsFolderSchema, type EditorFile, type EditorSources } from './editor-schema.ts';
export type { Choice, ConnectionChoice, ProjectNames } from './project-names.ts';
