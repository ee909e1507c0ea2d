export { convertSchema, type BodyDirection, type Converted } from './convert.ts';
export {
  operationsOf,
  readOpenApi,
  requestBody,
  responseBody,
  schemasOf,
  statusesOf,
  type BodySchema,
  type OpenApiDocument,
  type OpenApiOperation,
  type OpenApiSchema,
} from './document.ts';
