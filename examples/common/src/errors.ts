import { DlError } from '@dl/tensor';

/** Errors of @dl say what is wrong in one line: that, rather than where in the library it was found, is what a user wants to read. */
export function reportErrors(): void {
  process.on('uncaughtException', (error) => {
    console.error(error instanceof DlError ? `${error.name}: ${error.message}` : error);
    process.exit(1);
  });
}
