import { ArgumentError, Tensor } from '@dl/tensor';
import { apply, checkTensor, describe, formatShape, sameShape, withGradMode } from '@dl/tensor/internal';

/** What the backward function of `customGradient` gets beside the cotangent. */
export interface CustomContext<Xs extends readonly Tensor[]> {
  /** The tensors that the function was called with. */
  readonly inputs: Xs;
  /** What the forward function returned. */
  readonly output: Tensor;
}

/**
 * A function with a gradient of one's own: `forward` computes the value and is not recorded; `backward` gets the cotangent of
 * the value and returns one cotangent for each input, or `null` for an input that has none. If it consists of tensor
 * operations on the cotangent, the inputs and the output, it can be differentiated again. PyTorch: `torch.autograd.Function`.
 *
 * @throws ArgumentError if `forward` does not return a tensor, or later if `backward` does not return one cotangent, of its shape and dtype, for each input.
 * @example
 * // The identity, with a gradient that is never longer than 1 in any element.
 * const clipped = customGradient((x) => x, (g) => [g.clamp({ min: -1, max: 1 })]);
 */
export function customGradient<Xs extends readonly Tensor[]>(
  forward: (...inputs: Xs) => Tensor,
  backward: (cotangent: Tensor, context: CustomContext<Xs>) => readonly (Tensor | null)[],
): (...inputs: Xs) => Tensor {
  return (...inputs) => {
    for (const [i, input] of inputs.entries()) checkTensor('customGradient', `input ${i}`, input);
    const value = withGradMode('customGradient', false, () => forward(...inputs));
    checkTensor('customGradient', 'the result of the forward function', value);
    const output = apply('withGradient', [value, ...inputs], {}, []);
    // A parameter stands for another value after a step: the backward function gets those of now.
    const kept = inputs.map(({ value: input }) => new Tensor(input)) as readonly Tensor[] as Xs;
    const { node } = output.value;
    if (node.engine !== null) {
      node.pullback = ([cotangent]) => [
        null,
        ...(cotangent === undefined ? [] : checked(backward(cotangent, { inputs: kept, output }), inputs)),
      ];
    }
    return output;
  };
}

function checked(cotangents: readonly (Tensor | null)[], inputs: readonly Tensor[]): readonly (Tensor | null)[] {
  if (!Array.isArray(cotangents) || cotangents.length !== inputs.length) {
    throw new ArgumentError(
      `customGradient: the backward function must return an array of one cotangent for each input, ${inputs.length}; got ${describe(cotangents)}`,
    );
  }
  for (const [i, cotangent] of cotangents.entries()) if (cotangent !== null) checkCotangent(cotangent, inputs[i] ?? cotangent, i);
  return cotangents;
}

function checkCotangent(cotangent: Tensor, input: Tensor, i: number): void {
  checkTensor('customGradient', `cotangent ${i}`, cotangent);
  if (cotangent.dtype === input.dtype && sameShape(cotangent.shape, input.shape)) return;
  const expected = `${input.dtype} ${formatShape(input.shape)}`;
  throw new ArgumentError(
    `customGradient: cotangent ${i} must be like its input, ${expected}; got ${cotangent.dtype} ${formatShape(cotangent.shape)}`,
  );
}
