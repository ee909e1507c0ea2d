export { soap } from './soap.ts';
export { readWsdlSchemas, type WsdlOperation, type WsdlSchemas, type XsdElement } from './wsdl-schemas.ts';
