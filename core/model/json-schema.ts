/**
 * A JSON Schema 2020-12 object. Our own keyword `x-secret: true` marks a setting that is never shown, logged or
 * audited; `x-sensitive: true` marks a field of a message that is masked when it is shown or captured.
 */
export type JsonSchema = { readonly [keyword: string]: unknown };
