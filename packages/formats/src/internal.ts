/** What sister packages need and users do not. No promise of stability. */
export { atomicWrite } from './files/atomicWrite.ts';
export { type OpenFile, withFile } from './files/openFile.ts';
