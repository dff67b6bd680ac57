/** How far forecasts are from what came: the mean of the absolute differences, in births a day, and as a share of the births. */
export interface Errors {
  readonly absolute: number;
  readonly relative: number;
}

/** `forecast(day)` for each day from `from` up to `end`, exclusive, against the births of that day. */
export function errorsOf(births: readonly number[], forecast: (day: number) => number, from: number, end: number): Errors {
  const days = Array.from({ length: end - from }, (_, i) => from + i);
  const differences = days.map((day) => Math.abs(forecast(day) - (births[day] ?? 0)));
  const relative = differences.map((difference, i) => difference / (births[from + i] ?? 1));
  return { absolute: meanOf(differences), relative: meanOf(relative) };
}

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
