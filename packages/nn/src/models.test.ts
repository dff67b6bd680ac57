import { readFileSync } from 'node:fs';
import type { Tensor } from '@dl/tensor';
import { zeros } from '@dl/tensor';
import { describe, expect, test } from 'vitest';
import {
  BatchNorm1d,
  Dropout,
  Flatten,
  Linear,
  Module,
  ModuleDict,
  ModuleList,
  Parameter,
  ParameterList,
  ReLU,
  Sequential,
  Sigmoid,
} from './index.ts';

interface Golden {
  readonly title: string;
  readonly repr: string;
  readonly stateKeys: readonly string[];
  readonly parameters: readonly string[];
  readonly ownParameters: readonly string[];
  readonly buffers: readonly string[];
  readonly modules: readonly string[];
  readonly children: readonly string[];
}

class Block extends Module {
  hiddenLayer = new Linear(4, 4);
  norm = new BatchNorm1d(4);
  drop = new Dropout(0.25);
  forward(x: Tensor): Tensor {
    return this.drop(this.norm(this.hiddenLayer(x)));
  }
}

class Model extends Module {
  firstScale = new Parameter(zeros([2, 1]));
  blocks = new ModuleList([new Block(), new Block(), new Linear(4, 4, { bias: false })]);
  heads = new ModuleDict({ digitHead: new Linear(4, 10), parity: new Sequential(new ReLU(), new Linear(4, 2)) });
  shared = this.heads.get('digitHead');
  weights = new ParameterList([new Parameter(zeros([3, 2])), new Parameter(zeros([5]))]);
  forward(x: Tensor): Tensor {
    let h = x.mul(this.firstScale);
    for (const block of this.blocks) h = block(h);
    return this.shared(h);
  }
}

const models: Readonly<Record<string, () => Module>> = {
  digits: () =>
    new Sequential(
      new Flatten(),
      new Linear(784, 256),
      new ReLU(),
      new Dropout(0.2),
      new Linear(256, 128),
      new ReLU(),
      new Dropout(0.2),
      new Linear(128, 10),
    ),
  named: () => new Sequential({ hidden: new Linear(2, 3), relu: new ReLU(), out: new Sequential(new Linear(3, 1), new Sigmoid()) }),
  repeated: () => new ModuleList([new ReLU(), new ReLU(), new ReLU(), new Block(), new Block(), new ReLU()]),
  model: () => new Model(),
  empty: () => new Sequential(),
  emptyList: () => new ModuleList(),
};

const golden: readonly Golden[] = JSON.parse(readFileSync(new URL('../fixtures/models.json', import.meta.url), 'utf8'));

describe.each(golden)('the golden model $title', ({ title, ...expected }) => {
  const model = models[title]?.() ?? new Linear(1, 1);
  const names = (list: readonly (readonly [string, unknown])[]): string[] => list.map(([name]) => name);

  test('prints as in PyTorch', () => {
    expect(String(model)).toBe(expected.repr);
  });

  test('has the names that it has in PyTorch', () => {
    expect({
      stateKeys: Object.keys(model.stateDict()),
      parameters: names(model.namedParameters()),
      ownParameters: names(model.namedParameters({ recurse: false })),
      buffers: names(model.namedBuffers()),
      modules: names(model.namedModules()),
      children: names(model.namedChildren()),
    }).toEqual({ ...expected, repr: undefined });
  });
});
