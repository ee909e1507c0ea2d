export { formatOf, parseBody, type BodyFormat } from './body.ts';
export { buildCsv, readCsv, type CsvBuildOptions, type CsvOptions, type CsvRecord } from './csv.ts';
export { parseForm } from './form.ts';
export { parseJson } from './json.ts';
export type { FormatLimits } from './limits.ts';
export { decodeText } from './text.ts';
export { parseXml, type XmlObject, type XmlOptions, type XmlValue } from './xml.ts';
export { buildXml, escapeXml, type XmlBuildOptions } from './xml-builder.ts';
