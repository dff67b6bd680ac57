// Ceilings with teeth: no file above 400 lines, no function above 60. Tests answer for their files only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesBelow, root } from './workspace.mjs';

const fileCeiling = 400;
const functionCeiling = 60;

/** Named exceptions: `path` or `path#function`, and why. @type {Record<string, string>} */
const exceptions = {};

const files = ['packages', 'examples', 'bench', 'scripts']
  .flatMap((folder) => filesBelow(folder))
  .filter((file) => /\.(ts|mts|mjs)$/.test(file) && !/\/(fixtures|build|generated)\//.test(file) && !file.endsWith('.d.ts'));
const measured = files.map(measure);
const sources = measured.filter(({ path }) => !isTest(path));
const functions = sources.flatMap((file) => file.functions);
const tooLong = [
  ...measured
    .filter(({ lines }) => lines > fileCeiling)
    .map(({ path, lines }) => ({ key: path, at: path, text: `${lines} lines; a file has at most ${fileCeiling}` })),
  ...functions
    .filter(({ lines }) => lines > functionCeiling)
    .map(({ key, at, lines }) => ({ key, at, text: `${lines} lines; a function has at most ${functionCeiling}` })),
];
const offences = tooLong.filter(({ key }) => !(key in exceptions));
const idle = Object.keys(exceptions).filter((key) => !tooLong.some((offence) => offence.key === key));

const summary = (/** @type {number[]} */ numbers) => `median ${median(numbers)}, longest ${Math.max(0, ...numbers)}`;
console.log(
  `files      ${sources.length} (${summary(sources.map(({ lines }) => lines))} lines), ${measured.length - sources.length} of tests`,
);
console.log(`functions  ${functions.length} (${summary(functions.map(({ lines }) => lines))} lines)`);
console.log(`packages   ${perPackage()}`);
for (const { at, key, text } of offences) console.error(`${at}: ${key.split('#')[1] ?? ''} ${text}`);
for (const key of idle) console.error(`scripts/ceilings.mjs: the exception '${key}' is no longer needed`);
process.exit(offences.length + idle.length > 0 ? 1 : 0);

// ---------------------------------------------------------------------------------------------------------------------

function measure(/** @type {string} */ path) {
  const text = readFileSync(join(root, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  /** @type {{ key: string, at: string, lines: number }[]} */
  const found = [];
  const lineOf = (/** @type {number} */ position) => source.getLineAndCharacterOfPosition(position).line + 1;
  const visit = (/** @type {ts.Node} */ node) => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body && ts.isBlock(node.body)) {
      const first = lineOf(node.getStart());
      found.push({ key: `${path}#${nameOf(node)}`, at: `${path}:${first}`, lines: lineOf(node.getEnd()) - first + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { path, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0), functions: found };
}

function nameOf(/** @type {ts.SignatureDeclaration} */ node) {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name) return node.name.getText();
  const { parent } = node;
  return (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)) && parent.name
    ? parent.name.getText()
    : 'anonymous';
}

function isTest(/** @type {string} */ path) {
  return /\.test(-d)?\.ts$/.test(path);
}

function median(/** @type {number[]} */ numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function perPackage() {
  /** @type {Map<string, number>} */
  const lines = new Map();
  for (const file of sources) {
    const folder = /^(?:packages|examples)\/([^/]+)|^[^/]+/.exec(file.path);
    const name = folder?.[1] ?? folder?.[0] ?? '';
    lines.set(name, (lines.get(name) ?? 0) + file.lines);
  }
  return [...lines].map(([name, count]) => `${name} ${count}`).join(', ');
}
