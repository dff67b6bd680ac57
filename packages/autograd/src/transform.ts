import { DTypeError, detach, Tensor, zerosLike } from '@dl/tensor';
import { checkTensor, isFloating, isGradEnabled, Node, Value, withGradMode } from '@dl/tensor/internal';
import { differentiate } from './differentiate.ts';
import { engine } from './engine.ts';
import type { Target, Wanted } from './paths.ts';

/**
 * The variables of a function that is differentiated: stand-ins for its arguments, which can be differentiated for whether
 * or not the arguments can. Nothing behind them is looked at.
 */
export class Variables implements Wanted {
  readonly list: Tensor[] = [];
  readonly #caller: string;
  readonly #values = new Set<Target>();

  constructor(caller: string) {
    this.#caller = caller;
  }

  /** A stand-in for a tensor: the same value, as a variable. */
  standIn(x: Tensor): Tensor {
    checkTensor(this.#caller, 'what is differentiated for', x);
    if (!isFloating(x.dtype)) {
      throw new DTypeError(`${this.#caller}: only float32 and float64 tensors have gradients; got ${x.dtype}. Cast it: x.float()`);
    }
    const variable = differentiableView(x);
    this.#values.add(variable.value);
    this.list.push(variable);
    return variable;
  }

  has(target: Target): boolean {
    return this.#values.has(target);
  }

  endsAt(target: Target): boolean {
    return this.#values.has(target);
  }
}

/** Calls a function that is differentiated, recording whatever the mode is. */
export function recorded(caller: string, f: () => Tensor): Tensor {
  const y = withGradMode(caller, true, f);
  checkTensor(caller, 'the result of the function', y);
  return y;
}

/** What pulling back through a function gives. */
export interface Pulled {
  /** One for each variable, in their order; zeros for one on which the result does not depend. */
  readonly gradients: readonly Tensor[];
  /** Whether gradients could flow from the result to something that is no variable, too. */
  readonly hasOthers: boolean;
}

/** Pulls a cotangent back through a function that was called with variables. The gradients can be differentiated for all else they depend on. */
export function pullBack(caller: string, y: Tensor, cotangent: Tensor, variables: Variables): Pulled {
  const answer = differentiate({ caller, roots: [y], cotangents: [cotangent], wanted: variables, createGraph: 'asNeeded' });
  const gradients = variables.list.map((x) => new Tensor((answer.of(x.value) ?? zerosLike(x)).value));
  return { gradients, hasOthers: answer.hasOthers };
}

/** A function's result as the caller of a transformation gets it: differentiable for all else it depends on, but not for the variables. */
export function released(y: Tensor, hasOthers: boolean): Tensor {
  return hasOthers && isGradEnabled() ? y : detach(y);
}

/** The same value under another name. The node is differentiable before anything sees it, in debug mode too. */
function differentiableView({ value }: Tensor): Tensor {
  const { spec } = value;
  const node = new Node('reshape', [value], { shape: spec.shape }, []);
  const view = new Value(node, 0, spec);
  node.outputs = [view];
  node.engine = engine;
  return new Tensor(view);
}
