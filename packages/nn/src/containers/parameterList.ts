import { ArgumentError, type Tensor } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { Parameter } from '../parameter.ts';
import { List } from './list.ts';

/**
 * A list of parameters: `weights.0`. PyTorch: `torch.nn.ParameterList`.
 *
 * @throws ArgumentError for a member that is no parameter.
 * @example weights = new ParameterList([new Parameter(randn([2, 2])), new Parameter(randn([2, 2]))]);
 */
export class ParameterList extends List<Parameter> {
  override extraRepr(): string {
    return [...this].map((parameter, i) => lineOf(String(i), parameter)).join('\n');
  }

  protected override check(item: unknown): void {
    if (!(item instanceof Parameter))
      throw new ArgumentError(`ParameterList: every member must be a parameter; got ${describe(item)}. Wrap it: new Parameter(…)`);
  }
}

/** A parameter as PyTorch prints it in a list. */
export function lineOf(key: string, { dtype, shape }: Tensor): string {
  return `  (${key}): Parameter containing: [${dtype} of size ${shape.join('x')}]`;
}
