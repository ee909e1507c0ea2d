export { soap } from './soap.ts';
