import type { UpdatePrimitives } from '../primitives/signatures.ts';
import type { Operand, ReferenceTable } from '../primitives/tables.ts';

/** PyTorch's formulas in double precision, rounded once at each store. Element i is read before it is written: in place will do. */
export const updateKernels: ReferenceTable<keyof UpdatePrimitives> = {
  sgd: ([out], [parameter, gradient], _, [lr, weightDecay]) => {
    for (let i = 0; i < out.data.length; i++) {
      const p = parameter.data[i] as number;
      out.data[i] = p - lr * ((gradient.data[i] as number) + weightDecay * p);
    }
  },
  sgdMomentum: ([out, newBuffer], [parameter, gradient, buffer], { nesterov }, [lr, weightDecay, momentum, dampening]) => {
    for (let i = 0; i < out.data.length; i++) {
      const p = parameter.data[i] as number;
      const g = (gradient.data[i] as number) + weightDecay * p;
      const b = momentum * (buffer.data[i] as number) + (1 - dampening) * g;
      newBuffer.data[i] = b;
      out.data[i] = p - lr * (nesterov ? g + momentum * b : b);
    }
  },
  adam: (outputs, inputs, { decoupled }, scalars) => adam(outputs, inputs, null, null, decoupled, scalars),
  adamAmsgrad: ([out, m, v, newMost], [parameter, gradient, expAvg, expAvgSq, most], { decoupled }, scalars) =>
    adam([out, m, v], [parameter, gradient, expAvg, expAvgSq], newMost, most, decoupled, scalars),
};

type AdamScalars = readonly [
  lr: number,
  weightDecay: number,
  beta1: number,
  beta2: number,
  eps: number,
  correction1: number,
  correction2: number,
];

function adam(
  [out, newM, newV]: readonly [Operand, Operand, Operand],
  [parameter, gradient, expAvg, expAvgSq]: readonly [Operand, Operand, Operand, Operand],
  newMost: Operand | null,
  most: Operand | null,
  decoupled: boolean,
  [lr, weightDecay, beta1, beta2, eps, correction1, correction2]: AdamScalars,
): void {
  const stepSize = lr / correction1;
  const root2 = Math.sqrt(correction2);
  const kept = decoupled ? 1 - lr * weightDecay : 1;
  const added = decoupled ? 0 : weightDecay;
  for (let i = 0; i < out.data.length; i++) {
    const p = parameter.data[i] as number;
    const g = added === 0 ? (gradient.data[i] as number) : (gradient.data[i] as number) + added * p;
    const oldM = expAvg.data[i] as number;
    const m = oldM + (g - oldM) * (1 - beta1);
    const v = beta2 * (expAvgSq.data[i] as number) + (1 - beta2) * g * g;
    const bound = most === null ? v : Math.max(most.data[i] as number, v);
    newM.data[i] = m;
    newV.data[i] = v;
    if (newMost !== null) newMost.data[i] = bound;
    out.data[i] = kept * p - (stepSize * m) / (Math.sqrt(bound) / root2 + eps);
  }
}
