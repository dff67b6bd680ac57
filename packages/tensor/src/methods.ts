import { evaluationMethods } from './evaluation/evaluate.ts';
import { stateMethods } from './evaluation/state.ts';
import { activationMethods } from './functions/activation.ts';
import { agreementMethods } from './functions/agreement.ts';
import { arithmeticMethods } from './functions/arithmetic.ts';
import { castMethods } from './functions/cast.ts';
import { comparisonMethods } from './functions/comparison.ts';
import { creationMethods } from './functions/creation.ts';
import { dataDependentMethods } from './functions/dataDependent.ts';
import { diagonalMethods } from './functions/diagonal.ts';
import { elementwiseMethods } from './functions/elementwise.ts';
import { fusedMethods } from './functions/fused.ts';
import { indexingMethods } from './functions/indexing.ts';
import { joiningMethods } from './functions/joining.ts';
import { matrixMethods } from './functions/matrix.ts';
import { movementMethods } from './functions/movement.ts';
import { paddingMethods } from './functions/padding.ts';
import { randomMethods } from './functions/random.ts';
import { reductionMethods } from './functions/reduction.ts';
import { slicingMethods } from './functions/slicing.ts';
import { sortingMethods } from './functions/sorting.ts';
import { statisticsMethods } from './functions/statistics.ts';
import { subscriptMethods } from './functions/subscript.ts';
import { to } from './functions/to.ts';
import { trigonometryMethods } from './functions/trigonometry.ts';
import { whereMethods } from './functions/where.ts';
import { inspect, printingMethods, repr } from './printing.ts';
import { Tensor } from './tensor.ts';

const methods = {
  ...evaluationMethods,
  ...printingMethods,
  ...stateMethods,
  ...creationMethods,
  ...randomMethods,
  ...castMethods,
  ...arithmeticMethods,
  ...comparisonMethods,
  ...agreementMethods,
  ...elementwiseMethods,
  ...trigonometryMethods,
  ...activationMethods,
  ...whereMethods,
  ...reductionMethods,
  ...statisticsMethods,
  ...movementMethods,
  ...slicingMethods,
  ...joiningMethods,
  ...paddingMethods,
  ...diagonalMethods,
  ...indexingMethods,
  ...subscriptMethods,
  ...sortingMethods,
  ...dataDependentMethods,
  ...matrixMethods,
  ...fusedMethods,
};

type Method<F> = F extends (x: Tensor, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/** Every function of the tables above without its first argument, which becomes `this`. */
export type TensorMethods = { readonly [Name in keyof typeof methods]: Method<(typeof methods)[Name]> };

type AnyFunction = (x: Tensor, ...rest: never[]) => unknown;

// `to` is typed in tensor.ts, because a mapped type loses overloads; `console.log` finds the other by its symbol.
const all = { ...methods, to, [inspect]: (x: Tensor): string => repr(x) };

for (const name of Reflect.ownKeys(all)) {
  const f: AnyFunction = Reflect.get(all, name);
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: never[]) {
      return f(this, ...rest);
    },
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
