import { ArgumentError, cat, type Tensor } from '@dl/tensor';
import { assign, checkTensor, withGradMode } from '@dl/tensor/internal';

/**
 * All elements of some parameters as one vector, one behind the other. PyTorch: `torch.nn.utils.parameters_to_vector`.
 *
 * @throws ArgumentError if there are no parameters; DTypeError if they have different dtypes.
 * @example const vector = utils.parametersToVector(model.parameters());
 */
export function parametersToVector(parameters: Iterable<Tensor>): Tensor {
  const list = listed('parametersToVector', parameters);
  return cat(list.map((parameter) => parameter.reshape([parameter.numel()])));
}

/**
 * Gives parameters the elements of a vector, as `parametersToVector` laid them out. PyTorch: `torch.nn.utils.vector_to_parameters`.
 *
 * @throws ArgumentError if the vector has not as many elements as the parameters together; DTypeError if dtypes differ.
 * @example utils.vectorToParameters(vector.mul(0.5), model.parameters());
 */
export function vectorToParameters(vector: Tensor, parameters: Iterable<Tensor>): void {
  checkTensor('vectorToParameters', 'vector', vector);
  const list = listed('vectorToParameters', parameters);
  const total = list.reduce((sum, parameter) => sum + parameter.numel(), 0);
  if (vector.ndim !== 1 || vector.numel() !== total)
    throw new ArgumentError(`vectorToParameters: vector must have the parameters' ${total} elements; got [${vector.shape.join(', ')}]`);
  withGradMode('vectorToParameters', false, () => {
    let start = 0;
    for (const parameter of list) {
      assign(parameter, vector.narrow(0, start, parameter.numel()).reshape(parameter.shape));
      start += parameter.numel();
    }
  });
}

function listed(caller: string, parameters: Iterable<Tensor>): readonly Tensor[] {
  const list = [...parameters];
  if (list.length === 0) throw new ArgumentError(`${caller}: there must be parameters; got none`);
  for (const [i, parameter] of list.entries()) checkTensor(caller, `number ${i}`, parameter);
  return list;
}
