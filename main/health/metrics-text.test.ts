import { describe, expect, test, vi } from 'vitest';
import { createVoiceMetrics } from './metrics.ts';
import { createMetricsText } from './metrics-text.ts';

/** Metrics and their text, connected as in the host. */
function rig() {
  let delay: { p50: number; p95: number; p99: number } | null = null;
  const open = { sessions: 0, connections: 0 };
  const read = vi.fn(() => ({ health: metrics.health(), refusals: metrics.refusals(), ...open }));
  const metricsText = createMetricsText();
  const text = { ...metricsText, text: () => metricsText.text(read()) };
  const metrics = createVoiceMetrics({ times: metricsText, eventLoopDelay: () => delay });
  return {
    metrics,
    text,
    read,
    open,
    setDelay: (quantiles: typeof delay) => {
      delay = quantiles;
    },
  };
}

/** Samples by name and labels, without comments. */
async function samples(text: { text(): Promise<string> }): Promise<Record<string, number>> {
  const lines = (await text.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

describe('the text', () => {
  test('has the exposition format 0.0.4: every sample has a name, a number, and help and type before it', async () => {
    const { text, metrics, setDelay } = rig();
    metrics.refused(401);
    metrics.welcome('ready', 1, 2);
    setDelay({ p50: 0.1, p95: 2, p99: 9 });
    const body = await text.text();
    expect(body.endsWith('\n')).toBe(true);
    let family = '';
    let described = '';
    for (const line of body.split('\n').filter((each) => each !== '')) {
      if (line.startsWith('# HELP ')) {
        described = line.split(' ')[2] ?? '';
      } else if (line.startsWith('# TYPE ')) {
        const [, , name = '', type] = line.split(' ');
        family = name;
        expect(family).toBe(described);
        expect(['counter', 'gauge', 'histogram']).toContain(type);
        // https://prometheus.io/docs/practices/naming/: only counters end in _total.
        expect(name.endsWith('_total')).toBe(type === 'counter');
      } else {
        expect(line).toMatch(/^earshot_[a-z_]+(\{[a-z]+="[^"]+"\})? ([0-9.e-]+|\+Inf)$/);
        expect(line.startsWith(family)).toBe(true);
      }
    }
  });

  test('of a new server has every counter at zero, so the first event is visible as an increase', async () => {
    const { text } = rig();
    expect(await samples(text)).toMatchObject({
      earshot_connection_attempts_total: 0,
      'earshot_welcomes_answered_total{attempt="1"}': 0,
      'earshot_welcomes_answered_total{attempt="3"}': 0,
      earshot_audio_frames_total: 0,
      earshot_establishment_seconds_count: 0,
      'earshot_establishment_seconds_bucket{le="+Inf"}': 0,
      earshot_settle_delay_seconds: 0,
      earshot_retry_warning: 0,
    });
  });

  test('has no sample for a value until it is known', async () => {
    const { text, metrics, setDelay } = rig();
    const unknown = ['earshot_recent_success_ratio', 'earshot_event_loop_delay_seconds{quantile="0.99"}'];
    for (const name of unknown) expect(await samples(text)).not.toHaveProperty([name]);
    metrics.welcome('ready', 1, 2);
    setDelay({ p50: 0.1, p95: 2, p99: 9 });
    expect(await samples(text)).toMatchObject({
      earshot_recent_success_ratio: 1,
      earshot_recent_retry_ratio: 0,
      'earshot_event_loop_delay_seconds{quantile="0.5"}': 0.0001,
      'earshot_event_loop_delay_seconds{quantile="0.99"}': 0.009,
    });
    setDelay(null);
    expect(await samples(text)).not.toHaveProperty(['earshot_event_loop_delay_seconds{quantile="0.99"}']);
  });

  test('has the same values as the window, in base units', async () => {
    const { text, metrics, open } = rig();
    for (let i = 0; i < 4; i++) metrics.attempt();
    metrics.refused(401);
    metrics.refused(503);
    metrics.refused(503);
    metrics.welcome('ready', 2, 302);
    metrics.welcome('aborted', 1, 3);
    metrics.welcome('failed', 3, 900);
    metrics.resumed(120);
    metrics.expired();
    metrics.frames(50);
    metrics.missing(3);
    metrics.duplicates(2);
    metrics.dropped();
    metrics.settleDelay(5);
    Object.assign(open, { sessions: 3, connections: 2 });
    expect(await samples(text)).toMatchObject({
      earshot_connection_attempts_total: 4,
      'earshot_connections_refused_total{status="401"}': 1,
      'earshot_connections_refused_total{status="503"}': 2,
      'earshot_welcomes_answered_total{attempt="2"}': 1,
      earshot_welcomes_aborted_total: 1,
      earshot_welcomes_failed_total: 1,
      earshot_sessions_resumed_total: 1,
      earshot_sessions_expired_total: 1,
      earshot_audio_frames_total: 50,
      earshot_audio_frames_missing_total: 3,
      earshot_audio_frames_duplicate_total: 2,
      earshot_messages_dropped_total: 1,
      earshot_settle_delay_seconds: 0.005,
      earshot_sessions: 3,
      earshot_connections: 2,
      earshot_resume_seconds_sum: 0.12,
      earshot_recent_success_ratio: 0.5,
      earshot_recent_retry_ratio: 1,
    });
  });

  test('the establishment histogram covers all connections since the start', async () => {
    const { text, metrics } = rig();
    for (let i = 0; i < 250; i++) metrics.welcome('ready', 1, 1.5);
    metrics.welcome('ready', 3, 5_000);
    expect(await samples(text)).toMatchObject({
      'earshot_establishment_seconds_bucket{le="0.001"}': 0,
      'earshot_establishment_seconds_bucket{le="0.002"}': 250,
      'earshot_establishment_seconds_bucket{le="1"}': 250,
      'earshot_establishment_seconds_bucket{le="+Inf"}': 251,
      earshot_establishment_seconds_count: 251,
    });
    expect(metrics.health().recent.connections).toBe(100);
  });

  test('is the same when read twice: nothing is counted twice', async () => {
    const { text, metrics } = rig();
    metrics.attempt();
    metrics.refused(404);
    metrics.welcome('ready', 1, 2);
    metrics.frames(7);
    const first = await text.text();
    expect(await text.text()).toBe(first);
    const [one, two] = await Promise.all([text.text(), text.text()]);
    expect([one, two]).toEqual([first, first]);
  });

  test('reads the values once per request and never when audio arrives', async () => {
    const { text, metrics, read } = rig();
    for (let i = 0; i < 1_000; i++) metrics.frames(1);
    expect(read).not.toHaveBeenCalled();
    await text.text();
    expect(read).toHaveBeenCalledTimes(1);
  });

  test('two servers in one process have separate values', async () => {
    const [one, two] = [rig(), rig()];
    one.metrics.frames(5);
    one.metrics.welcome('ready', 1, 2);
    expect(await samples(two.text)).toMatchObject({
      earshot_audio_frames_total: 0,
      earshot_establishment_seconds_count: 0,
    });
  });
});
