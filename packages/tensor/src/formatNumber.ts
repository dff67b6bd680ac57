/** Writes the numbers of one tensor, all padded to one width. */
export interface NumberFormatter {
  readonly width: number;
  readonly write: (value: number) => string;
}

/**
 * How PyTorch writes the elements of a float tensor: whole numbers with a bare point, else fixed decimals, or powers of
 * ten where fixed ones would lose digits or fill lines. What is not finite does not count.
 */
export function floatFormatter(values: readonly number[], precision: number): NumberFormatter {
  const counted = values.filter((value) => Number.isFinite(value) && value !== 0);
  const sizes = counted.map(Math.abs);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const least = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (most / least > 1000 || most > 1e8 || least < 1e-4) return padded(counted, (value) => exponential(value, precision));
  if (counted.every(Number.isInteger))
    return padded(counted, (value) => (Number.isFinite(value) ? `${fixed(value, 0)}.` : fixed(value, 0)));
  return padded(counted, (value) => fixed(value, precision));
}

/** Whole numbers as they are. */
export function integerFormatter(values: readonly number[]): NumberFormatter {
  return padded(values, String);
}

/** `True` and `False`, as PyTorch writes them. */
export function boolFormatter(values: readonly number[]): NumberFormatter {
  return padded(values, (value) => (value === 0 ? 'False' : 'True'));
}

function padded(values: readonly number[], write: (value: number) => string): NumberFormatter {
  const width = values.reduce((most, value) => Math.max(most, write(value).length), 1);
  return { width, write: (value) => write(value).padStart(width) };
}

/** `1.2500e+04` */
function exponential(value: number, precision: number): string {
  if (!Number.isFinite(value)) return unusual(value);
  const [mantissa = '', exponent = ''] = halfToEven(value, precision, (x, digits) => x.toExponential(digits)).split('e');
  return `${signed(value, mantissa)}e${exponent.slice(0, 1)}${exponent.slice(1).padStart(2, '0')}`;
}

function fixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return unusual(value);
  return signed(
    value,
    halfToEven(value, precision, (x, digits) => x.toFixed(digits)),
  );
}

function unusual(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

function signed(value: number, text: string): string {
  return Object.is(value, -0) ? `-${text}` : text;
}

/** So many digits more show any double that is not exactly a tie. */
const witnesses = 25;

/** JavaScript rounds a tie upwards, Python to the even digit: there, where only zeros follow a five, the digits are cut instead. */
function halfToEven(value: number, precision: number, write: (x: number, digits: number) => string): string {
  const rounded = write(value, precision);
  const [digits = '', exponent] = write(value, precision + witnesses).split('e');
  const kept = digits.slice(0, digits.length - witnesses);
  const isTie = digits.slice(-witnesses) === '5'.padEnd(witnesses, '0');
  if (!isTie || !/[02468]\.?$/.test(kept)) return rounded;
  const cut = precision === 0 ? kept.replace('.', '') : kept;
  return exponent === undefined ? cut : `${cut}e${exponent}`;
}
