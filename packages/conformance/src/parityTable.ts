import * as nn from '@dl/nn';
import * as optim from '@dl/optim';
import * as tensorPackage from '@dl/tensor';
import names from '../../nn/fixtures/names.json' with { type: 'json' };
import { differences, remarks, renamed } from './parityNotes.ts';

type Part = 'modules' | 'functional' | 'init' | 'utils' | 'optim' | 'lrScheduler' | 'swaUtils' | 'torch' | 'tensor';

const torch: Readonly<Record<Part, readonly string[]>> = names;

const { rnn, parametrize, parametrizations } = nn.utils;

/** Where each of PyTorch's parts is here. */
const parts: readonly { readonly part: Part; readonly theirs: string; readonly ours: string; readonly names: readonly string[] }[] = [
  { part: 'modules', theirs: 'torch.nn', ours: '@dl/nn', names: Object.keys(nn).filter(isClass) },
  { part: 'functional', theirs: 'torch.nn.functional', ours: '@dl/nn: functional', names: Object.keys(nn.functional) },
  { part: 'init', theirs: 'torch.nn.init', ours: '@dl/nn: init', names: Object.keys(nn.init) },
  {
    part: 'utils',
    theirs: 'torch.nn.utils',
    ours: '@dl/nn: utils; clipping in @dl/optim',
    names: [...[nn.utils, rnn, parametrize, parametrizations].flatMap(functionsOf), ...Object.keys(optim).filter((name) => !isClass(name))],
  },
  { part: 'optim', theirs: 'torch.optim', ours: '@dl/optim', names: Object.keys(optim).filter(isClass) },
  { part: 'lrScheduler', theirs: 'torch.optim.lr_scheduler', ours: '@dl/optim: lrScheduler', names: Object.keys(optim.lrScheduler) },
  { part: 'swaUtils', theirs: 'torch.optim.swa_utils', ours: '@dl/optim: swaUtils', names: Object.keys(optim.swaUtils) },
  { part: 'torch', theirs: 'torch, functions', ours: '@dl/tensor', names: Object.keys(tensorPackage) },
  { part: 'tensor', theirs: 'torch.Tensor', ours: '@dl/tensor: Tensor', names: membersOfTensor() },
];

/** docs/parity.md, printed from our exports and PyTorch's names. */
export function parityTable(): string {
  const sections = parts.map((part) => ({ ...part, ...compared(part.part, new Set(part.names)) }));
  const rows = sections.map(
    ({ theirs, ours, implemented, different, missing }) =>
      `| \`${theirs}\` | ${ours} | ${implemented.length} | ${different.length} | ${missing.length} |`,
  );
  return [...heading, ...rows, '', ...sections.flatMap(section)].join('\n');
}

const heading = [
  '# Beside PyTorch 2.13',
  '',
  'Printed by `npm run docs:tables` from what our packages export and from PyTorch’s own names (`packages/nn/fixtures/names.py`); a test compares.',
  '',
  ...remarks.map((remark) => `- ${remark}`),
  '',
  '| PyTorch | here | implemented | different on purpose | missing |',
  '|---|---|---|---|---|',
];

interface Comparison {
  readonly implemented: readonly string[];
  readonly different: readonly (readonly [name: string, why: string])[];
  readonly missing: readonly string[];
  readonly added: readonly string[];
}

function compared(part: Part, ours: ReadonlySet<string>): Comparison {
  const implemented = torch[part].filter((name) => candidates(name).some((candidate) => ours.has(candidate)));
  const rest = torch[part].filter((name) => !implemented.includes(name));
  const different = rest.flatMap((name) => {
    const elsewhere = part === 'torch' && torch.functional.includes(name) ? 'of `torch.nn.functional`: see there' : undefined;
    const why = differences.find(([pattern]) => pattern.test(name))?.[1] ?? elsewhere;
    return why === undefined ? [] : [[name, why] as const];
  });
  const known = new Set(torch[part].flatMap(candidates));
  const missing = rest.filter((name) => !different.some(([other]) => other === name));
  return { implemented, different, missing, added: [...ours].filter((name) => !known.has(name)).sort() };
}

/** How a name of PyTorch's may be spelled here. In-place names (`kaiming_normal_`) count only where we have the function itself. */
function candidates(name: string): string[] {
  const plain = name.replace(/^_|_$/g, '').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const other = renamed[name];
  return [name, ...(name.endsWith('_') && !inPlaceCounts(name) ? [] : [plain]), ...(other === undefined ? [] : [other])];
}

/** Functions that only exist with an underscore: those of `init`, and clipping. */
function inPlaceCounts(name: string): boolean {
  return torch.init.includes(name) || torch.utils.includes(name);
}

function section({ theirs, implemented, different, missing, added }: Comparison & { readonly theirs: string }): string[] {
  const reasons = [...new Set(different.map(([, why]) => why))];
  return [
    `## ${theirs}`,
    '',
    ...paragraph('Implemented', implemented),
    ...reasons.flatMap((why) => paragraph(`Different on purpose (${why})`, namesOf(different, why))),
    ...paragraph('Missing', missing),
    ...(theirs === 'torch, functions' || theirs === 'torch.Tensor' ? [] : paragraph('Ours alone', added)),
  ];
}

function namesOf(different: Comparison['different'], wanted: string): string[] {
  return different.filter(([, why]) => why === wanted).map(([name]) => name);
}

function paragraph(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`**${title}**: ${names.map((name) => `\`${name}\``).join(' ')}`, ''];
}

function isClass(name: string): boolean {
  return /^[A-Z]/.test(name);
}

function functionsOf(module: object): string[] {
  return Object.entries(module).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
}

function membersOfTensor(): string[] {
  const own = Object.getOwnPropertyNames(tensorPackage.Tensor.prototype).filter((name) => name !== 'constructor');
  return [...own, ...Object.getOwnPropertyNames(tensorPackage.zeros([1]))];
}
