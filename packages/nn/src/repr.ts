import { nameOf } from './members.ts';
import type { Module } from './module.ts';
import { childrenOf } from './walk.ts';

/** A module as PyTorch prints it: its class, its own description, and its children, indented. */
export function describeModule(module: Module): string {
  const extra = module.extraRepr() === '' ? [] : module.extraRepr().split('\n');
  const children = childLines(module);
  return layOut(nameOf(module), extra, children);
}

/** A class name with its lines in brackets: in one line if all there is is one description. */
export function layOut(name: string, extra: readonly string[], children: readonly string[]): string {
  if (extra.length === 1 && children.length === 0) return `${name}(${extra[0]})`;
  const lines = [...extra, ...children];
  return lines.length === 0 ? `${name}()` : `${name}(\n  ${lines.join('\n  ')}\n)`;
}

/** All lines but the first moved to the right. */
export function indent(text: string, spaces = 2): string {
  return text.replaceAll('\n', `\n${' '.repeat(spaces)}`);
}

/** A number as Python prints a float: `1.0`, `0.2`, `1e-05`. */
export function float(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const [mantissa, exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/** A flag as Python prints it. */
export function bool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** Sizes as Python prints a tuple: `(2,)`, `(2, 3)`. */
export function tuple(values: readonly (number | string)[]): string {
  return values.length === 1 ? `(${values[0]},)` : `(${values.join(', ')})`;
}

function childLines(module: Module): string[] {
  return childrenOf(module).map(([key, child]) => `(${key}): ${indent(child.toString())}`);
}
