import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { Parameter } from '../parameter.ts';
import { Dict } from './dict.ts';
import { lineOf } from './parameterList.ts';

/**
 * Parameters under keys, which stand in the state dict as they are. PyTorch: `torch.nn.ParameterDict`.
 *
 * @throws ArgumentError for a member that is no parameter, or a key that is empty or holds a dot.
 * @example scales = new ParameterDict({ left: new Parameter(ones([1])), right: new Parameter(ones([1])) });
 */
export class ParameterDict<D extends Readonly<Record<string, Parameter>> = Readonly<Record<string, Parameter>>> extends Dict<D> {
  override extraRepr(): string {
    return [...this].map(([key, parameter]) => lineOf(key, parameter)).join('\n');
  }

  protected override check(key: string, item: unknown): void {
    if (!(item instanceof Parameter)) {
      throw new ArgumentError(
        `ParameterDict: every member must be a parameter; got ${describe(item)} for '${key}'. Wrap it: new Parameter(…)`,
      );
    }
  }
}
