import { noGrad } from '@dl/autograd';
import { ArgumentError, type DType, type Shape, type Tensor, zeros } from '@dl/tensor';
import { checkDType, checkInteger, checkShape, describe, withCallFrame } from '@dl/tensor/internal';
import { isModule, nameOf } from './members.ts';
import type { Module, RemovableHandle } from './module.ts';
import { multiplyAddsBehind, sizeInBytes, tensorsIn } from './summaryCosts.ts';
import { summaryTable } from './summaryTable.ts';
import { allModules } from './walk.ts';

/** What `summary` takes. */
export interface SummaryOptions {
  /** The dtype of the inputs, or of each; default float32. */
  readonly dtypes?: DType | readonly DType[];
  /** How many levels of modules the table shows; default 3. */
  readonly depth?: number;
}

/** One module of a summary. */
export interface SummaryRow {
  /** Its path, as in a state dict; empty for the model. */
  readonly name: string;
  /** Its class. */
  readonly type: string;
  /** How far below the model it is: 0 for the model. */
  readonly depth: number;
  /** The shapes of its outputs, one after the other; `null` if it is not called. */
  readonly outputShapes: readonly Shape[] | null;
  /** The elements of all parameters in it, each once. */
  readonly parameters: number;
  readonly trainableParameters: number;
  /** Multiplications of its matrix products, convolutions, attention and recurrences, all in it counted. */
  readonly multiplyAdds: number;
}

/** What `summary` returns; as a string it is the table. */
export interface Summary {
  readonly rows: readonly SummaryRow[];
  readonly totalParameters: number;
  readonly trainableParameters: number;
  readonly totalMultiplyAdds: number;
  readonly inputBytes: number;
  /** Of the outputs of all modules that have none below, forward and backward. */
  readonly outputBytes: number;
  readonly parameterBytes: number;
  /** Estimated: inputs, outputs and parameters. */
  readonly totalBytes: number;
  toString(): string;
}

/**
 * What a model consists of: for each module its output shape, parameters and multiply-adds, and totals with an estimate of the memory.
 * The model is called once in evaluation mode, with zeros, but as calls only build graphs, nothing is computed: it takes no time for any
 * size, and buffers stay as they are. Multiply-adds are counted in the graph, whatever the layers are called. As `torchinfo.summary`.
 *
 * @param inputShape the shape of the input with its batch, or a list of shapes, one for each input.
 * @throws ArgumentError if the model is no module, or for a shape, dtype or depth that is none; and whatever the model's call throws.
 * @example console.log(`${summary(model, [64, 1, 28, 28])}`);
 */
export function summary(model: Module, inputShape: Shape | readonly Shape[], options: SummaryOptions = {}): Summary {
  if (!isModule(model)) throw new ArgumentError(`summary: model must be a module; got ${describe(model)}`);
  const { depth = 3 } = options;
  checkInteger('summary', 'depth', depth, 0);
  const inputs = inputsOf(inputShape, options.dtypes ?? 'float32');
  const seen = observe(model, inputs);
  const rows = rowsOf(model, seen);
  return summed(rows, inputs, model, seen, depth);
}

// ---------------------------------------------------------------------------------------------------------------------

/** What calls of a module came to. */
interface Seen {
  outputs: Shape[];
  outputBytes: number;
  multiplyAdds: number;
}

/** Ends a call whose effects are not wanted: assigned buffers go back. */
class Unwanted extends Error {}

function inputsOf(shapes: Shape | readonly Shape[], dtypes: DType | readonly DType[]): Tensor[] {
  if (!Array.isArray(shapes))
    throw new ArgumentError(`summary: inputShape must be an array of sizes, or of shapes; got ${describe(shapes)}`);
  const list = (Array.isArray(shapes[0]) ? shapes : [shapes]) as readonly Shape[];
  return list.map((shape, i) => {
    const dtype = typeof dtypes === 'string' ? dtypes : (dtypes[i] ?? 'float32');
    checkShape('summary', shape);
    checkDType('summary', dtype);
    return zeros(shape, { dtype });
  });
}

function observe(model: Module, inputs: readonly Tensor[]): ReadonlyMap<Module, Seen> {
  const seen = new Map<Module, Seen>();
  const modules = model.modules();
  const modes = modules.map(({ training }) => training);
  const counted = new Set<object>();
  const handles = modules.map((module): RemovableHandle => {
    const hook = (_: unknown, given: unknown, output: unknown): void => note(seen, module, counted, given, output);
    return module.registerForwardHook(hook as never);
  });
  try {
    model.eval();
    withCallFrame(() => {
      noGrad(() => {
        model(...(inputs as never[]));
        return null;
      });
      throw new Unwanted();
    });
  } catch (error) {
    if (!(error instanceof Unwanted)) throw error;
  } finally {
    for (const handle of handles) handle.remove();
    modules.forEach((module, i) => {
      module.training = modes[i] ?? true;
    });
  }
  return seen;
}

function note(seen: Map<Module, Seen>, module: Module, counted: Set<object>, inputs: unknown, output: unknown): void {
  const before = seen.get(module) ?? { outputs: [], outputBytes: 0, multiplyAdds: 0 };
  const outputs = tensorsIn(output);
  before.outputs.push(...outputs.map(({ shape }) => shape));
  before.outputBytes += outputs.reduce((sum, { value }) => sum + sizeInBytes(value.spec), 0);
  before.multiplyAdds += multiplyAddsBehind(outputs, tensorsIn(inputs), counted);
  seen.set(module, before);
}

function rowsOf(model: Module, seen: ReadonlyMap<Module, Seen>): SummaryRow[] {
  const named = allModules(model);
  return named.map(([name, module]) => {
    const below = new Set(named.filter(([path]) => isWithin(path, name)).map(([, found]) => found));
    const parameters = module.parameters();
    return {
      name,
      type: nameOf(module),
      depth: name === '' ? 0 : name.split('.').length,
      outputShapes: seen.get(module)?.outputs ?? null,
      parameters: elementsOf(parameters),
      trainableParameters: elementsOf(parameters.filter(({ requiresGrad }) => requiresGrad)),
      multiplyAdds: [...below].reduce((sum, found) => sum + (seen.get(found)?.multiplyAdds ?? 0), 0),
    };
  });
}

/** Whether a path is another one, or lies below it. */
function isWithin(path: string, root: string): boolean {
  return root === '' || path === root || path.startsWith(`${root}.`);
}

function elementsOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, x) => sum + x.numel(), 0);
}

function bytes(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { value }) => sum + sizeInBytes(value.spec), 0);
}

function summed(
  rows: readonly SummaryRow[],
  inputs: readonly Tensor[],
  model: Module,
  seen: ReadonlyMap<Module, Seen>,
  depth: number,
): Summary {
  const leaves = model.modules().filter((module) => module.children().length === 0);
  const inputBytes = bytes(inputs);
  const outputBytes = 2 * leaves.reduce((sum, leaf) => sum + (seen.get(leaf)?.outputBytes ?? 0), 0);
  const parameterBytes = bytes(model.parameters());
  const totals = {
    rows,
    totalParameters: rows[0]?.parameters ?? 0,
    trainableParameters: rows[0]?.trainableParameters ?? 0,
    totalMultiplyAdds: rows[0]?.multiplyAdds ?? 0,
    inputBytes,
    outputBytes,
    parameterBytes,
    totalBytes: inputBytes + outputBytes + parameterBytes,
  };
  return { ...totals, toString: () => summaryTable(totals, depth) };
}
