import { apply } from '../apply.ts';
import { checkFinite, checkFloating, checkNumber, checkTensor } from '../checks.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { isGradEnabled } from '../gradMode.ts';
import { composedAttention } from '../primitives/decompositions/attention.ts';
import type { ParamsOf, ScalarsOf } from '../primitives/tables.ts';
import { nextRandomScalars } from '../random.ts';
import { broadcastShapes, formatShape, type Shape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { expandTo, reshapeTo } from './movement.ts';
import { constant } from './operands.ts';

/** What `scaledDotProductAttention` takes. */
export interface ScaledDotProductAttentionOptions {
  /**
   * Which keys a query sees: bool and true where it does, or of the query's dtype and added to the scores; it broadcasts to
   * `[..., T, S]`. Default: all.
   */
  readonly attnMask?: Tensor;
  /** The probability of a weight to become zero, in [0, 1]; the others are divided by `1 - dropoutP`. Default 0. */
  readonly dropoutP?: number;
  /** Whether query i sees the keys up to i only. Default false. */
  readonly isCausal?: boolean;
  /** What the scores are multiplied with. Default `1 / √D`. */
  readonly scale?: number;
  /** Whether several heads of the query share one of key and value (grouped queries); heads are the third dim from the end. Default false. */
  readonly enableGqa?: boolean;
}

/**
 * `softmax(scale · query @ keyᵀ + mask) @ value`: each of T queries gets a mean of S values, weighted by how well their keys
 * agree with it. Query `[..., T, D]`, key `[..., S, D]`, value `[..., S, V]` give `[..., T, V]`; leading dims (batch, heads)
 * broadcast. A query that sees no key gets zeros. The scores of all pairs are not kept in memory where the backend can do without.
 * PyTorch: `torch.nn.functional.scaled_dot_product_attention`; Vaswani et al., "Attention is all you need" (2017).
 *
 * Dropout happens whenever `dropoutP` is above 0, as in PyTorch: pass 0 outside training.
 *
 * @throws ShapeError if the sizes do not fit; DTypeError unless all are float32 or all float64, and the mask that or bool;
 *   ArgumentError for a probability outside [0, 1], or a mask together with `isCausal`.
 * @example scaledDotProductAttention(ones([2, 8, 10, 16]), ones([2, 8, 12, 16]), ones([2, 8, 12, 16]), { isCausal: true }).shape // [2, 8, 10, 16]
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  options: ScaledDotProductAttentionOptions = {},
): Tensor {
  checkInputs({ query, key, value });
  const { dropoutP = 0, isCausal = false, scale = 1 / Math.sqrt(Math.max(query.size(-1), 1)), enableGqa = false } = options;
  checkFinite(name, 'scale', scale);
  checkNumber(name, 'dropoutP', dropoutP);
  if (dropoutP < 0 || dropoutP > 1) throw new ArgumentError(`${name}: dropoutP must be in [0, 1]; got ${dropoutP}`);
  const [keys, values] = enableGqa ? sharedHeads(query, key, value) : [key, value];
  const leading = broadcastShapes(name, broadcastShapes(name, leadingOf(query), leadingOf(keys)), leadingOf(values));
  const mask = maskOf(options, [...leading, query.size(-2), key.size(-2)], query);
  const [q, k, v] = [query, keys, values].map((x) => expandTo(name, x, [...leading, ...x.shape.slice(-2)])) as [Tensor, Tensor, Tensor];
  const params = { causal: isCausal, dropout: dropoutP > 0 };
  const scalars = [scale, dropoutP, ...(params.dropout ? nextRandomScalars() : noRandom)] as const;
  return mask === null ? apply('attention', [q, k, v], params, scalars)[0] : masked([q, k, v, mask], params, scalars);
}

// ---------------------------------------------------------------------------------------------------------------------

const name = 'scaledDotProductAttention';
const noRandom = [0, 0, 0, 0] as const;

interface Inputs {
  readonly query: Tensor;
  readonly key: Tensor;
  readonly value: Tensor;
}

/** The primitive has no gradient for its mask. */
function masked(
  inputs: readonly [Tensor, Tensor, Tensor, Tensor],
  params: ParamsOf<'attention'>,
  scalars: ScalarsOf<'attention', number>,
): Tensor {
  const isLearned = inputs[3].requiresGrad && isGradEnabled();
  return isLearned ? composedAttention(inputs, params, scalars) : apply('attention', inputs, params, scalars)[0];
}

function checkInputs(inputs: Inputs): void {
  for (const [input, x] of Object.entries(inputs)) {
    checkTensor(name, input, x);
    checkFloating(name, input, x);
    if (x.ndim < 2) throw new ShapeError(`${name}: ${input} must have at least 2 dims; got ${formatShape(x.shape)}`);
  }
  const { query, key, value } = inputs;
  if (query.dtype !== key.dtype || query.dtype !== value.dtype) {
    throw new DTypeError(
      `${name}: query, key and value must have one dtype; got ${query.dtype}, ${key.dtype} and ${value.dtype}. Cast them`,
    );
  }
  if (query.size(-1) !== key.size(-1)) {
    throw new ShapeError(`${name}: query and key must be of one width; got ${formatShape(query.shape)} and ${formatShape(key.shape)}`);
  }
  if (key.size(-2) !== value.size(-2)) {
    throw new ShapeError(`${name}: there must be one value for each key; got ${formatShape(key.shape)} and ${formatShape(value.shape)}`);
  }
}

/** Key and value with a head for each head of the query: neighbours share one. */
function sharedHeads(query: Tensor, key: Tensor, value: Tensor): readonly [Tensor, Tensor] {
  const heads = query.shape.at(-3);
  const [groups, valueGroups] = [key, value].map((x) => (heads ?? 0) / (x.shape.at(-3) ?? 0)) as [number, number];
  if (heads === undefined || !Number.isInteger(groups) || !Number.isInteger(valueGroups)) {
    const shapes = [query, key, value].map(({ shape }) => formatShape(shape)).join(', ');
    throw new ShapeError(`${name}: with enableGqa the heads of query must be a multiple of those of key and value, dim -3; got ${shapes}`);
  }
  return [repeatHeads(key, groups), repeatHeads(value, valueGroups)];
}

/** Each head so many times, one after the other. */
function repeatHeads(x: Tensor, count: number): Tensor {
  if (count === 1) return x;
  const [heads = 1, ...matrix] = x.shape.slice(-3);
  const outer = x.shape.slice(0, -3);
  const repeated = expandTo(name, reshapeTo(x, [...outer, heads, 1, ...matrix]), [...outer, heads, count, ...matrix]);
  return reshapeTo(repeated, [...outer, heads * count, ...matrix]);
}

function leadingOf({ shape }: Tensor): Shape {
  return shape.slice(0, -2);
}

/** The mask as what is added to the scores. */
function maskOf({ attnMask, isCausal = false }: ScaledDotProductAttentionOptions, scores: Shape, { dtype }: Tensor): Tensor | null {
  if (attnMask === undefined) return null;
  checkTensor(name, 'attnMask', attnMask);
  if (isCausal) throw new ArgumentError(`${name}: there must be no attnMask with isCausal; got both. Combine them: attnMask.tril()`);
  if (attnMask.dtype !== 'bool' && attnMask.dtype !== dtype)
    throw new DTypeError(`${name}: attnMask must be bool or ${dtype}, as query is; got ${attnMask.dtype}. Cast it`);
  if (attnMask.ndim > scores.length || !sameShape(broadcastShapes(name, attnMask.shape, scores), scores))
    throw new ShapeError(`${name}: attnMask must broadcast to ${formatShape(scores)}; got ${formatShape(attnMask.shape)}`);
  return attnMask.dtype === 'bool'
    ? apply('where', [attnMask, constant(name, 0, dtype), constant(name, Number.NEGATIVE_INFINITY, dtype)], {}, [])
    : attnMask;
}
