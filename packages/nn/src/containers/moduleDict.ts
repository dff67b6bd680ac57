import { ArgumentError } from '@dl/tensor';
import { describe } from '@dl/tensor/internal';
import { isModule } from '../members.ts';
import type { Module } from '../module.ts';
import { Dict } from './dict.ts';

/**
 * Modules under keys. The keys stand in the state dict as they are. PyTorch: `torch.nn.ModuleDict`.
 *
 * @throws ArgumentError for a member that is no module, or a key that is empty or holds a dot.
 * @example
 * const heads = new ModuleDict({ digits: new Linear(64, 10), parity: new Linear(64, 2) });
 * heads.get('parity')(features);
 */
export class ModuleDict<D extends Readonly<Record<string, Module>> = Readonly<Record<string, Module>>> extends Dict<D> {
  protected override check(key: string, item: unknown): void {
    if (!isModule(item)) throw new ArgumentError(`ModuleDict: every member must be a module; got ${describe(item)} for '${key}'`);
  }
}
