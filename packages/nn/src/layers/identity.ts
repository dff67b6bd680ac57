import type { Tensor } from '@dl/tensor';
import { Module } from '../module.ts';

/**
 * What it is given. PyTorch: `torch.nn.Identity`.
 *
 * @example model.head = new Identity();
 */
export class Identity<T = Tensor> extends Module {
  override forward(x: T): T {
    return x;
  }
}
