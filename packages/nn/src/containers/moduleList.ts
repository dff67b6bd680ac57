import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { isModule, nameOf } from '../members.ts';
import type { Module } from '../module.ts';
import { indent, layOut } from '../repr.ts';
import { List } from './list.ts';

/**
 * A list of modules whose parameters are found: `layers.0.weight`. Its own modules are called one by one. PyTorch: `torch.nn.ModuleList`.
 *
 * @throws ArgumentError for a member that is no module.
 * @example
 * class Deep extends Module {
 *   layers = new ModuleList([new Linear(4, 4), new Linear(4, 4)]);
 *   forward(x: Tensor) {
 *     let h = x;
 *     for (const layer of this.layers) h = layer(h).relu();
 *     return h;
 *   }
 * }
 */
export class ModuleList<M extends Module = Module> extends List<M> {
  /** As PyTorch prints it: equal neighbours in one line, `(0-2): 3 x ReLU()`. */
  override toString(): string {
    return layOut(nameOf(this), [], runsOf([...this].map(String)));
  }

  protected override check(item: unknown): void {
    if (!isModule(item)) throw new ArgumentError(`ModuleList: every member must be a module; got ${describe(item)}`);
  }
}

function runsOf(texts: readonly string[]): string[] {
  const starts = texts.flatMap((text, i) => (i === 0 || text !== texts[i - 1] ? [i] : []));
  return starts.map((start, i) => {
    const last = (starts[i + 1] ?? texts.length) - 1;
    const text = indent(texts[start] ?? '');
    return start === last ? `(${start}): ${text}` : `(${start}-${last}): ${last - start + 1} x ${text}`;
  });
}
