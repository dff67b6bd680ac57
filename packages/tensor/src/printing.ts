import type { Backend } from './backend.ts';
import { checkInteger } from './checks.ts';
import { currentBackend } from './currentBackend.ts';
import { DlError } from './errors.ts';
import { dataSync } from './evaluation/evaluate.ts';
import { defaultPrintOptions, formatTensor, type PrintOptions } from './format.ts';
import type { Value } from './graph/node.ts';
import { formatShape } from './shape.ts';
import type { Tensor } from './tensor.ts';

let printOptions = defaultPrintOptions;

/**
 * Changes how tensors are printed; what is not given stays. PyTorch: `torch.set_printoptions`.
 *
 * @throws ArgumentError if a number is not whole, or out of range.
 * @example setPrintOptions({ precision: 2 })
 */
export function setPrintOptions(options: Partial<PrintOptions>): void {
  const { precision, threshold, edgeItems, lineWidth } = { ...printOptions, ...options };
  checkInteger('setPrintOptions', 'precision', precision, 0, 20);
  checkInteger('setPrintOptions', 'threshold', threshold, 0);
  checkInteger('setPrintOptions', 'edgeItems', edgeItems, 1);
  checkInteger('setPrintOptions', 'lineWidth', lineWidth, 1);
  printOptions = { precision, threshold, edgeItems, lineWidth };
}

/**
 * The tensor as PyTorch prints it. On a synchronous backend it is evaluated for that; on an asynchronous one it stays as it is,
 * and the text says so: `await t.data()` shows the numbers.
 *
 * @example String(tensor([1, 2.5])) // 'tensor([1.0000, 2.5000])'
 */
export function repr(x: Tensor): string {
  const notes = x.requiresGrad ? ['requiresGrad=true'] : [];
  const backend = backendOf(x.value);
  if (backend.readSync === undefined) return withoutValues(x, x.value.storage === null ? 'unevaluated' : `on ${backend.name}`, notes);
  try {
    return formatTensor(dataSync(x), x.shape, x.dtype, printOptions, notes);
  } catch (error) {
    if (error instanceof DlError) return withoutValues(x, error.name, notes);
    throw error;
  }
}

/** What `console.log` of Node looks for. */
export const inspect: unique symbol = Symbol.for('nodejs.util.inspect.custom');

export const printingMethods = { toString: repr };

function withoutValues(x: Tensor, reason: string, notes: readonly string[]): string {
  return `tensor(${[`<${reason}>`, `shape=${formatShape(x.shape)}`, `dtype=${x.dtype}`, ...notes].join(', ')})`;
}

/** The backend where a value is, or will be computed: that of the first leaf behind it. */
function backendOf(value: Value): Backend {
  const met = new Set([value]);
  for (const { storage, node } of met) {
    if (storage !== null) return storage.buffer.backend;
    for (const input of node.inputs) met.add(input);
  }
  return currentBackend();
}
