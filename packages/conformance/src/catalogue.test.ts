import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** Compiles the packages with a changed catalogue and tells who complains. */
const packages = resolve(import.meta.dirname, '../..');
const catalogue = resolve(packages, 'tensor/src/primitives/signatures.ts');
const entries = ['tensor/src/internal.ts', 'tensor/src/testing/index.ts', 'autograd/src/index.ts', 'backend-gpu/src/index.ts'];

function complaints(change: (source: string) => string): string[] {
  const configFile = resolve(packages, '../tsconfig.base.json');
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(configFile, ts.sys.readFile).config, ts.sys, dirname(configFile));
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) =>
    resolve(name) === catalogue ? ts.createSourceFile(name, change(readFileSync(name, 'utf8')), target) : getSourceFile(name, target);
  const program = ts.createProgram(
    entries.map((entry) => resolve(packages, entry)),
    options,
    host,
  );
  return program
    .getSemanticDiagnostics()
    .map(({ file, messageText }) => `${relative(packages, file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

describe('the catalogue', () => {
  it('compiles as it stands', () => {
    expect(complaints((source) => source)).toEqual([]);
  }, 120_000);

  it('does not compile with a new core primitive until every table has it', () => {
    const found = complaints((source) =>
      source.replace('export interface MatrixPrimitives {', 'export interface MatrixPrimitives {\n  novelty: Signature<["x"]>;'),
    );
    const missing = found.filter((complaint) => complaint.includes("'novelty'")).map((complaint) => complaint.split(':')[0]);
    expect([...new Set(missing)].sort()).toEqual([
      'autograd/src/vjp/matrix.ts',
      'backend-gpu/src/kernels/matrix.ts',
      'tensor/src/primitives/shapes/matrix.ts',
      'tensor/src/reference/matrix.ts',
      'tensor/src/testing/samples/matrix.ts',
    ]);
  }, 120_000);

  it('does not compile with a new fused primitive until it has a decomposition', () => {
    const found = complaints((source) =>
      source.replace('export interface FusedPrimitives {', 'export interface FusedPrimitives {\n  novelty: Signature<["x"]>;'),
    );
    const missing = found.filter((complaint) => complaint.includes("'novelty'")).map((complaint) => complaint.split(':')[0]);
    expect(missing).toContain('tensor/src/primitives/decompositions/fused.ts');
  }, 120_000);
});
