import { Dataset } from '@dl/data';
import { adopt, type Tensor } from '@dl/tensor';
import type { Day } from './births.ts';

/** The standard deviation of births: of the training days only, since that of all days would tell the training about the test. */
export function deviationOf(days: readonly Day[]): number {
  const mean = days.reduce((sum, { births }) => sum + births, 0) / days.length;
  return Math.sqrt(days.reduce((sum, { births }) => sum + (births - mean) ** 2, 0) / days.length);
}

/** What is known of a day when the next one is forecast: its births, and the weekday and the season of the day after it. */
export const features = 10;

/** How many days a week has: the series repeats itself, more or less, after as many. */
export const week = 7;

/**
 * A sample is a window of days, [window, 10], and by how much the births of the day after it differ from those of the same weekday
 * before, [1]. Both are in standard deviations; births are told as differences from the window's mean, since the level drifts over
 * the years. The first sample is that of day `from`, or the first with a whole window; the last one is that before day `end`.
 */
export class Windows extends Dataset<[Tensor, Tensor]> {
  readonly length: number;
  private readonly days: readonly Day[];
  private readonly deviation: number;
  private readonly window: number;
  private readonly from: number;

  constructor(days: readonly Day[], deviation: number, { window, from, end }: { window: number; from: number; end: number }) {
    super();
    this.days = days;
    this.deviation = deviation;
    this.window = window;
    this.from = Math.max(from, window);
    this.length = end - this.from;
  }

  async get(index: number): Promise<[Tensor, Tensor]> {
    const [windows, changes] = await this.getBatch([index]);
    return [windows.squeeze({ dim: 0 }), changes.squeeze({ dim: 0 })];
  }

  override async getBatch(indices: readonly number[]): Promise<[Tensor, Tensor]> {
    const windows = indices.flatMap((index) => this.windowBefore(this.from + index));
    const changes = indices.map((index) => this.changeOf(this.from + index));
    return [
      adopt(Float32Array.from(windows)).reshape([indices.length, this.window, features]),
      adopt(Float32Array.from(changes)).reshape([indices.length, 1]),
    ];
  }

  private windowBefore(target: number): number[] {
    const days = this.days.slice(target - this.window, target);
    const level = days.reduce((sum, { births }) => sum + births, 0) / days.length;
    return days.flatMap(({ births }, i) => [(births - level) / this.deviation, ...calendar(this.days[target - this.window + i + 1])]);
  }

  private changeOf(target: number): number {
    return ((this.days[target]?.births ?? 0) - (this.days[target - week]?.births ?? 0)) / this.deviation;
  }
}

/** Of the weekday one 1 and six 0, and where on the circle of the year a day is. */
function calendar({ weekday, season }: Pick<Day, 'weekday' | 'season'> = { weekday: 0, season: 0 }): number[] {
  const angle = 2 * Math.PI * season;
  return [...Array.from({ length: week }, (_, i) => (i === weekday ? 1 : 0)), Math.sin(angle), Math.cos(angle)];
}
