import { vjpRules } from '@dl/autograd';
import { gpu } from '@dl/backend-gpu';
import { type DecomposableName, decompositions, isIndexed, type PrimitiveName, views } from '@dl/tensor/internal';
import { primitiveNames, samples } from '@dl/tensor/testing';

/** docs/primitives.md, printed from the tables of the packages. */
export async function primitivesTable(): Promise<string> {
  const { decomposed } = await gpu({ mode: 'webasm' });
  const rows = primitiveNames.map((name) => row(name, decomposed));
  return [...heading, ...rows, ''].join('\n');
}

const heading = [
  '# Primitives',
  '',
  'Printed from the code by `npm run docs:tables`; a test compares. *Gradient*: a rule, or the reason why there is none. *gpu*: a kernel, or the decomposition.',
  '*Notes*: `view` shares its input’s memory; `checked` reads indices and can fail.',
  '',
  '| primitive | decomposition | gradient | gpu | samples | notes |',
  '|---|---|---|---|---|---|',
];

function row(name: PrimitiveName, decomposed: ReadonlySet<string>): string {
  const isFused = isDecomposable(name);
  const rule = vjpRules[name];
  const notes = [views.has(name) ? 'view' : '', isIndexed(name) ? 'checked' : ''].filter(Boolean).join(', ');
  const cells = [
    `\`${name}\``,
    isFused ? 'yes' : '',
    typeof rule === 'string' ? rule : 'rule',
    decomposed.has(name) ? 'decomposed' : 'kernel',
    samples[name].length,
    notes,
  ];
  return `| ${cells.join(' | ')} |`;
}

function isDecomposable(name: PrimitiveName): name is DecomposableName {
  return Object.hasOwn(decompositions, name);
}
