/**
 * A JSON Schema 2020-12 object. Our own keywords: `x-secret: true` marks a setting that is never shown, logged or audited,
 * `x-address: true` one with a URL that the connection goes to, and `x-sensitive: true` a field of a message that is masked
 * when it is shown or captured.
 */
export type JsonSchema = { readonly [keyword: string]: unknown };
