import type { Backend } from './backend.ts';
import { type DType, isFloating } from './dtype.ts';
import { ArgumentError, GradientError } from './errors.ts';
import type { Value } from './graph/node.ts';
import type { TensorMethods } from './methods.ts';
import { normalizeDim, type Shape, sizeOf } from './shape.ts';

/** What `backward()` may be told. */
export interface BackwardOptions {
  /** The cotangent to start from, of the tensor's shape; ones for a scalar when absent. */
  readonly gradient?: Tensor;
  /** Record the backward pass too, so that gradients of gradients can be taken. */
  readonly createGraph?: boolean;
}

/** Who differentiates: given by `@dl/autograd` to the leaves that require gradients, and inherited by what is computed from them. */
export interface GradientEngine {
  backward(root: Tensor, options: BackwardOptions): void;
}

/**
 * An n-dimensional array: a value, or the recipe of one. Operations return at once and compute nothing;
 * `await t.data()`, `await t.item()` or an optimizer's `step()` evaluates all that is needed, as one plan.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * await x.matmul(x).sum().item(); // 54
 */
export class Tensor {
  /** @internal What it stands for at present; `assign` and `step()` point it elsewhere. */
  value: Value;
  /** @internal Set where the tensor is a leaf that requires gradients. */
  engine: GradientEngine | null = null;
  /** @internal The accumulated gradient, as the library reads it. */
  gradient: Tensor | null = null;
  /** @internal Whether user code has got hold of `gradient`: then its memory is not reused. */
  gradientEscaped = false;
  /** @internal How often it was assigned since its last evaluation. */
  assignments = 0;

  /** @internal Tensors come from functions such as `tensor`, `zeros`, `randn`. */
  constructor(value: Value) {
    this.value = value;
  }

  /** The size of each dimension, outermost first. */
  get shape(): Shape {
    return this.value.spec.shape;
  }

  /** The element type. */
  get dtype(): DType {
    return this.value.spec.dtype;
  }

  /** How many dimensions there are. */
  get ndim(): number {
    return this.value.spec.shape.length;
  }

  /** The size of one dimension; negative dims count from the end. */
  size(dim: number): number {
    return this.shape[normalizeDim('size', dim, this.ndim)] ?? 1;
  }

  /** The number of elements. */
  numel(): number {
    return sizeOf(this.shape);
  }

  /** Whether gradients flow to it or through it. Setting `false` on a parameter freezes it; see `requiresGrad` of `@dl/autograd` for the rest. */
  get requiresGrad(): boolean {
    return this.value.node.engine !== null && isFloating(this.dtype);
  }

  set requiresGrad(wanted: boolean) {
    if (wanted === this.requiresGrad) return;
    if (this.value.owner !== this || (wanted && this.engine === null)) {
      throw new GradientError(
        'requiresGrad: only a parameter, or a tensor marked once with requiresGrad(x) of @dl/autograd, can be set; use that function, or detach()',
      );
    }
    this.value.node.engine = wanted ? this.engine : null;
  }

  /** The gradient that `backward()` has accumulated here; `null` before the first, and after `zeroGrad()`. Assign `null` to drop it. */
  get grad(): Tensor | null {
    if (this.gradient !== null) this.gradientEscaped = true;
    return this.gradient;
  }

  set grad(gradient: Tensor | null) {
    if (gradient !== null && (gradient.dtype !== this.dtype || String(gradient.shape) !== String(this.shape))) {
      throw new ArgumentError(
        `grad: must have the tensor's dtype and shape, ${this.dtype} [${this.shape.join(', ')}]; got ${gradient.dtype} [${gradient.shape.join(', ')}]`,
      );
    }
    this.gradient = gradient;
    this.gradientEscaped = gradient !== null;
  }

  /**
   * Adds the gradient of this tensor with respect to every leaf that requires one to that leaf's `grad`.
   *
   * @throws GradientError if nothing behind it requires gradients, if it is not a scalar and no `gradient` is given,
   *   or if a step has consumed the graph.
   */
  backward(options: BackwardOptions = {}): void {
    const { engine } = this.value.node;
    if (engine === null) {
      throw new GradientError(
        'backward: nothing that this tensor was computed from requires a gradient (was it computed inside noGrad, or detached?)',
      );
    }
    engine.backward(this, options);
  }
}

/** The functions of the package, as methods: `x.relu()` is `relu(x)`. */
export interface Tensor extends TensorMethods {
  /** The same elements in another dtype; see the function `to`. */
  to(dtype: DType): Tensor;
  /** The same elements on another backend. */
  to(backend: Backend): Promise<Tensor>;
}
