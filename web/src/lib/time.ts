/* Times in words. The server speaks UTC; people read their own clock. */

import { t } from '../strings';

const DAY = 86_400_000;
/* Words in the language of the app; day and month in the order of the reader's own region. */
const own = document.documentElement.lang;
const language = navigator.languages.find((one) => one.startsWith(own)) ?? own;

const format = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat(language, options);
  return (time: Date) => formatter.format(time);
};

const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const weekday = format({ weekday: 'long' });
const dayMonth = format({ day: 'numeric', month: 'short' });
const dayMonthYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
const full = format({
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});

const startOfDay = (time: Date) =>
  new Date(time.getFullYear(), time.getMonth(), time.getDate()).getTime();

/** Whole calendar days from today: 0 today, 1 tomorrow. Rounded, since some days have 23 hours. */
const daysAhead = (time: Date, now: Date) =>
  Math.round((startOfDay(time) - startOfDay(now)) / DAY);

export const exactly = (iso: string) => full(new Date(iso));

export function onDate(iso: string, now = new Date()): string {
  const time = new Date(iso);
  return time.getFullYear() === now.getFullYear() ? dayMonth(time) : dayMonthYear(time);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

/** “3 hours ago”, “in 5 months”. */
export function ago(iso: string, now = new Date()): string {
  const distance = new Date(iso).getTime() - now.getTime();
  for (const [unit, size] of UNITS)
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  return t.time.justNow;
}

export function daysSince(iso: string, now = new Date()): number {
  return (now.getTime() - new Date(iso).getTime()) / DAY;
}

export type DueGroup = 'overdue' | 'today' | 'week' | 'later' | 'none';

/** "This week" is the next six days, so that on a Friday it is not empty. */
export function dueGroup(deadline: string | null, now = new Date()): DueGroup {
  if (!deadline) return 'none';
  const time = new Date(deadline);
  if (time < now) return 'overdue';
  const days = daysAhead(time, now);
  if (days === 0) return 'today';
  return days < 7 ? 'week' : 'later';
}

export function dueInWords(deadline: string | null, now = new Date()): string {
  if (!deadline) return t.time.noDate;
  const time = new Date(deadline);
  const days = daysAhead(time, now);
  if (time < now) {
    if (days === 0) return t.time.lateToday(clock(time));
    return days === -1 ? t.time.lateYesterday : t.time.lateDays(-days);
  }
  if (days === 0) return t.time.today(clock(time));
  if (days === 1) return t.time.tomorrow(clock(time));
  if (days < 7) return t.time.weekday(weekday(time), clock(time));
  return onDate(deadline, now);
}

const two = (n: number) => String(n).padStart(2, '0');

/** The value of a datetime-local input, in the reader's zone. */
export function toLocalInput(time: Date): string {
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}T${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** What the API takes: UTC, whole seconds. */
export const fromLocalInput = (value: string) =>
  new Date(value).toISOString().replace(/\.\d+Z$/, 'Z');

/** Today, tomorrow … at five in the afternoon, as a datetime-local value. */
export function endOfWorkIn(days: number, now = new Date()): string {
  return toLocalInput(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 17));
}

export const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Every zone name, with the one in use even where the browser has a newer name for it. */
export function timeZones(current: string): string[] {
  return [...new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();
}
