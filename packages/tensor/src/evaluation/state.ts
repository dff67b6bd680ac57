import { apply } from '../apply.ts';
import { ArgumentError, DTypeError, GradientError, ShapeError } from '../errors.ts';
import { isPromise, withGradMode } from '../gradMode.ts';
import { leafValue, tie, type Value } from '../graph/node.ts';
import { formatShape, sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { capture } from './capture.ts';
import { startEvaluation } from './evaluate.ts';
import { forgetAll, forgetAssignment, pendingCount, pendingValues, rememberAssignment, revertAssignment } from './pending.ts';
import { breathe, handled } from './runs.ts';

/** A buffer assigned so often without an evaluation is evaluated without waiting. */
const assignmentLimit = 16;
/** So many pieces of waiting state are evaluated without waiting. */
const pendingLimit = 1024;

/**
 * A tensor with a lasting value of its own: a buffer, an optimizer's moment. Its first value is the recipe given.
 *
 * @example const mean = stateTensor(zeros([16]));
 */
export function stateTensor(recipe: Tensor): Tensor {
  return own(new Tensor(recipe.value), recipe);
}

/** Makes a tensor the owner of a value of its own, where gradients end: the elements of the recipe, shared, or a view of what it will be. */
export function own<T extends Tensor>(owner: T, recipe: Tensor): T {
  const { spec, storage } = recipe.value;
  if (storage !== null) storage.shared = true;
  const value = storage === null ? withGradMode('own', false, () => apply('detach', [recipe], {}, [])).value : leafValue(spec, storage);
  value.owner = owner;
  owner.value = value;
  return owner;
}

/**
 * Sets the value of a tensor to another's: what `copy_` does in PyTorch. It is a recipe as everything else, computed with the
 * next `step()` at the latest. In a module's forward it counts only if the outermost call returns without throwing.
 *
 * @throws ShapeError, DTypeError where they differ; GradientError for a tensor that is part of a differentiable graph.
 * @example noGrad(() => average.assign(average.mul(0.99).add(weight.mul(0.01))));
 */
export function assign<T extends Tensor>(target: T, value: Tensor): T {
  checkAssignable(target, value);
  const before = target.value;
  const { engine } = before.node;
  frame?.assigned.set(target, frame.assigned.get(target) ?? before);
  own(target, value);
  target.value.node.engine = engine;
  if (target.value.storage === null) rememberAssignment(target);
  else forgetAssignment(target, target.value);
  if (frame === null) evaluateOverdue([target]);
  return target;
}

/** Makes a tensor the gradient of a leaf. One that is several leaves' gradient, or the user's own, keeps its memory when dropped. */
export function claimGradient(target: Tensor, gradient: Tensor): void {
  target.gradient = gradient;
  target.gradientEscaped = false;
  gradient.value.claims++;
}

/** Drops a tensor's gradient; its memory is used again if nobody else can reach it. */
export function releaseGradient(target: Tensor): void {
  const value = target.gradient?.value;
  const free = value !== undefined && !target.gradientEscaped && value.claims === 1 && value.uses === 0;
  if (free && value.storage !== null && !value.storage.shared && value.storage.error === null) {
    value.storage.buffer.backend.free(value.storage.buffer);
    value.storage = null;
    value.gone = true;
  }
  target.gradient = null;
  target.gradientEscaped = false;
}

/**
 * The step of an optimizer: computes each `next` and makes it its target's value, in place where nobody can see it.
 * All is captured and the targets point to their successors before it returns.
 * If it rejects, every target has its old value; `onFailure` is called when they do.
 */
export function replace(
  updates: readonly { readonly target: Tensor; readonly next: Tensor }[],
  options: { readonly onFailure?: () => void } = {},
): Promise<void> {
  const wanted = updates.map(({ next }) => next.value);
  const pairs = updates.map(({ target, next }) => ({ target, next: next.value }));
  const { onFailure = null } = options;
  try {
    return handled(captureWithPending(wanted, (values) => capture(values, pairs, onFailure)).then(breathe));
  } catch (error) {
    onFailure?.();
    return handled(Promise.reject(error));
  }
}

/** Assigned state rides along, unless it is in the way (another device, a recipe that cannot be computed): then it goes alone. */
function captureWithPending(wanted: readonly Value[], start: (values: readonly Value[]) => Promise<void>): Promise<void> {
  const riders = pendingValues();
  if (riders.length === 0) return start(wanted);
  try {
    return start([...wanted, ...riders]);
  } catch {
    for (const rider of riders) startEvaluation([rider]);
    forgetAll();
    return start(wanted);
  }
}

export const stateMethods = { assign };

/** The method by which an object lists the tensors that it is made of, so that a module may return it. */
export const heldTensors: unique symbol = Symbol('dl.heldTensors');

/** An object that is made of tensors: a packed sequence, say. */
export interface TensorHolder {
  [heldTensors](): readonly Tensor[];
}

interface Frame {
  /** What was assigned, with the value from before the call. */
  readonly assigned: Map<Tensor, Value>;
}

/** The outermost module call in progress. */
let frame: Frame | null = null;

/**
 * Runs a module's forward. The outermost call ties its outputs to the state it assigned, so that the forward runs once;
 * if it throws, assigned state has its old value.
 *
 * @throws ArgumentError if `f` returns a promise.
 */
export function withCallFrame<R>(f: () => R): R {
  if (frame !== null) return synchronous(f());
  const opened: Frame = { assigned: new Map() };
  frame = opened;
  try {
    const result = synchronous(f());
    tie([...tensorsIn(result), ...opened.assigned.keys()].map(({ value }) => value));
    frame = null;
    evaluateOverdue(opened.assigned.keys());
    return result;
  } catch (error) {
    for (const [target, before] of opened.assigned) revertAssignment(target, before);
    throw error;
  } finally {
    frame = null;
  }
}

function synchronous<R>(result: R): R {
  if (!isPromise(result)) return result;
  result.then(undefined, () => {});
  throw new ArgumentError('forward: must be synchronous; got an async function. Await data before the call, and read results after it');
}

function evaluateOverdue(assigned: Iterable<Tensor>): void {
  for (const target of assigned) if (target.assignments >= assignmentLimit) startEvaluation([target.value]);
  if (pendingCount() > pendingLimit) startEvaluation(pendingValues());
}

/** Tensors in nested arrays, plain objects, and objects that list theirs. */
function tensorsIn(result: unknown): Tensor[] {
  if (result instanceof Tensor) return [result];
  if (Array.isArray(result)) return result.flatMap(tensorsIn);
  if (typeof result !== 'object' || result === null) return [];
  if (holdsTensors(result)) return tensorsIn(result[heldTensors]());
  return Object.getPrototypeOf(result) === Object.prototype ? Object.values(result).flatMap(tensorsIn) : [];
}

function holdsTensors(value: object): value is TensorHolder {
  return heldTensors in value;
}

function checkAssignable(target: Tensor, value: Tensor): void {
  if (target.dtype !== value.dtype)
    throw new DTypeError(`assign: dtypes must be the same; got ${value.dtype} for a ${target.dtype} tensor`);
  if (!sameShape(target.shape, value.shape)) {
    throw new ShapeError(
      `assign: shapes must be the same; got ${formatShape(value.shape)} for a tensor of shape ${formatShape(target.shape)}`,
    );
  }
  if (target.requiresGrad && target.value.owner !== target) {
    throw new GradientError('assign: the tensor is part of a differentiable graph; assign to a parameter, a buffer or a detached tensor');
  }
}
