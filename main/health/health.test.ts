import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Health } from '../../shared/health.ts';
import { type HealthService, startHealth } from './health.ts';
import { HEALTH_NOTIFY_MS } from './health-notifier.ts';

const log = vi.fn();
let listen: (turns: number) => void = () => {};
const activeTurns = {
  onChange(listener: (turns: number) => void) {
    listen = listener;
    return () => {
      listen = () => {};
    };
  },
};
const notify = vi.fn<(figures: Health) => void>();
const open = { sessions: 3, connections: 2 };
let health: HealthService;

beforeEach(() => {
  vi.useFakeTimers();
  log.mockClear();
  notify.mockClear();
  health = startHealth({ log, notify, activeTurns });
});
afterEach(() => {
  health.stop();
  vi.useRealTimers();
});

test('sends one notification with all values for a connection', () => {
  health.metrics.attempt();
  health.metrics.welcome('ready', 1, 1.5);
  expect(notify).not.toHaveBeenCalled();
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(notify).toHaveBeenCalledTimes(1);
  const figures = notify.mock.lastCall?.[0];
  expect(Health.parse(figures)).toEqual(figures);
  expect(figures).toMatchObject({ recent: { connections: 1 }, totals: { attempts: 1, welcomes: [1, 0, 0] } });
  vi.advanceTimersByTime(10 * HEALTH_NOTIFY_MS);
  expect(notify).toHaveBeenCalledTimes(1);
});

test('sends no notification for event loop samples alone', () => {
  vi.advanceTimersByTime(3_600_000);
  expect(notify).not.toHaveBeenCalled();
});

test('includes a warning in the notification and in the log', () => {
  for (let i = 0; i < 10; i++) health.metrics.welcome('ready', 2, 301);
  expect(log).toHaveBeenCalledExactlyOnceWith('HEALTH_WARNING', { percent: 100, connections: 10 });
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(notify.mock.lastCall?.[0]).toMatchObject({ warning: true });
});

test('the text contains the values and the current sessions and connections', async () => {
  health.metrics.welcome('ready', 1, 1.5);
  const text = await health.metricsText(open);
  for (const line of [
    'earshot_sessions 3',
    'earshot_connections 2',
    'earshot_establishment_seconds_count 1',
    'earshot_welcomes_answered_total{attempt="1"} 1',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('stop leaves no timer and ends notifications', () => {
  health.metrics.attempt();
  health.stop();
  health.metrics.attempt();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(HEALTH_NOTIFY_MS);
  expect(notify).not.toHaveBeenCalled();
  expect(health.snapshot().totals.attempts).toBe(2);
});

test('measures the event loop only during turns and after reads', async () => {
  vi.useRealTimers();
  const known = () => health.snapshot().event_loop_delay_ms !== null;
  const waitOptions = { timeout: 10_000, interval: 5 };
  expect(known()).toBe(false);
  listen(1);
  await vi.waitFor(() => expect(known()).toBe(true), waitOptions);
  listen(0);
  expect(known()).toBe(false);
  health.watchedSnapshot();
  await vi.waitFor(() => expect(known()).toBe(true), waitOptions);
});

test('a scrape of the text counts as a read', async () => {
  vi.useRealTimers();
  expect(await health.metricsText(open)).not.toContain('earshot_event_loop_delay_seconds{');
  await vi.waitFor(
    async () => expect(await health.metricsText(open)).toContain('earshot_event_loop_delay_seconds{quantile="0.99"}'),
    { timeout: 10_000, interval: 5 },
  );
});
