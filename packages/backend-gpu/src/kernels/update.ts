import type { TensorSpec } from '@dl/tensor';
import { sizeOf, type UpdatePrimitives } from '@dl/tensor/internal';
import type { Program } from './program.ts';
import { input, type KernelLaunch, type KernelTable, output, type RunNumber } from './table.ts';

/** One thread an element; every input has the parameter's shape. An output takes only the inputs that it reads. */
export const updateKernels: KernelTable<keyof UpdatePrimitives> = {
  sgd: (site) => [update(site, 'sgd', ['parameter', 'gradient'], sgdNumbers, `${decayed} return parameter - lr * g;`, 0)],
  sgdMomentum: (site) => {
    const { nesterov } = site.params;
    const direction = nesterov ? 'g + momentum * b' : 'b';
    const names = ['parameter', 'gradient', 'momentumBuffer'];
    const code = `${decayed} const b = momentum * momentumBuffer + fresh * g;`;
    return [
      update(site, `sgdMomentum-parameter-${nesterov}`, names, momentumNumbers, `${code} return parameter - lr * (${direction});`, 0),
      update(site, 'sgdMomentum-buffer', names, momentumNumbers, `${code} return b;`, 1),
    ];
  },
  adam: (site) => adam(site, site.params.decoupled, false),
  adamAmsgrad: (site) => adam(site, site.params.decoupled, true),
};

/** Factors that the host computes in double precision: `1 - beta2` would lose 1e-5 in float32. */
type Numbers = Readonly<Record<string, RunNumber>>;
type Site = { readonly inputs: readonly [TensorSpec, ...TensorSpec[]] };

/** Input i of the primitive is called as `names[i]`. */
function update({ inputs }: Site, key: string, names: readonly string[], numbers: Numbers, code: string, target: number): KernelLaunch {
  const read = names.map((name, index) => ({ name, index })).filter(({ name }) => new RegExp(`\\b${name}\\b`).test(code));
  const loads = read.map(({ name }) => `const ${name} = ${name}Data[this.thread.x];`);
  const program: Program = {
    key,
    arrays: read.map(({ name }) => `${name}Data`),
    integers: [],
    floats: Object.keys(numbers),
    body: [...loads, code].join('\n'),
  };
  return {
    program,
    size: sizeOf(inputs[0].shape),
    arrays: read.map(({ index }) => input(index)),
    numbers: Object.values(numbers),
    target: output(target),
  };
}

const decayed = 'let g = gradient; if (weightDecay !== 0.0) { g = g + weightDecay * parameter; }';

const sgdNumbers: Numbers = { lr: ([lr = 0]) => lr, weightDecay: ([, weightDecay = 0]) => weightDecay };

const momentumNumbers: Numbers = {
  ...sgdNumbers,
  momentum: ([, , momentum = 0]) => momentum,
  fresh: ([, , , dampening = 0]) => 1 - dampening,
};

const adamNames = ['parameter', 'gradient', 'expAvg', 'expAvgSq', 'maxExpAvgSq'];

function adam(site: Site, decoupled: boolean, amsgrad: boolean): readonly KernelLaunch[] {
  const numbers = adamNumbers(decoupled);
  const first = `${decayed} const m = expAvg + (g - expAvg) * fresh1;`;
  const second = `${decayed} const v = beta2 * expAvgSq + fresh2 * (g * g);`;
  const both = `${first} const v = beta2 * expAvgSq + fresh2 * (g * g);`;
  const most = amsgrad ? 'let bound = v; if (maxExpAvgSq > v || isNan(maxExpAvgSq) > 0.5) { bound = maxExpAvgSq; }' : 'const bound = v;';
  const launches = [
    update(
      site,
      `adam-parameter-${amsgrad}`,
      adamNames,
      numbers,
      `${both} ${most} return kept * parameter - stepSize * m / (Math.sqrt(bound) / root2 + eps);`,
      0,
    ),
    update(site, 'adam-expAvg', adamNames, numbers, `${first} return m;`, 1),
    update(site, 'adam-expAvgSq', adamNames, numbers, `${second} return v;`, 2),
  ];
  return amsgrad ? [...launches, update(site, 'adam-maxExpAvgSq', adamNames, numbers, `${second} ${most} return bound;`, 3)] : launches;
}

/** Scalars: lr, weightDecay, beta1, beta2, eps, biasCorrection1, biasCorrection2. */
function adamNumbers(decoupled: boolean): Numbers {
  return {
    kept: ([lr = 0, weightDecay = 0]) => (decoupled ? 1 - lr * weightDecay : 1),
    weightDecay: ([, weightDecay = 0]) => (decoupled ? 0 : weightDecay),
    fresh1: ([, , beta1 = 0]) => 1 - beta1,
    beta2: ([, , , beta2 = 0]) => beta2,
    fresh2: ([, , , beta2 = 0]) => 1 - beta2,
    eps: ([, , , , eps = 0]) => eps,
    stepSize: ([lr = 0, , , , , biasCorrection1 = 1]) => lr / biasCorrection1,
    root2: ([, , , , , , biasCorrection2 = 1]) => Math.sqrt(biasCorrection2),
  };
}
