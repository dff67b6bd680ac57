import { GRU, Linear, Module } from '@dl/nn';
import { select, type Tensor } from '@dl/tensor';
import { features } from './windows.ts';

/** A GRU reads the days one by one; what it remembers after the last one gives the forecast. */
export class Forecaster extends Module {
  gru: GRU;
  head: Linear;

  constructor(hidden: number) {
    super();
    this.gru = new GRU(features, hidden, { batchFirst: true });
    this.head = new Linear(hidden, 1);
  }

  override forward(windows: Tensor): Tensor {
    const [, hidden] = this.gru(windows);
    return this.head(select(hidden, 0, -1));
  }
}
