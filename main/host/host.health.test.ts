import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import type { BridgeNotify } from '../../shared/bridge.ts';
import { Health } from '../../shared/health.ts';
import { offerFor, readyFor } from '../testing/desktop-handshake.ts';
import { type Host, startHost } from './host.ts';

const origin = 'earshot://app';
let dataDir: string;
let host: Host;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-health-'));
  host = await startHost({ dataDir, origin, version: '1.2.3', shell: 'desktop' });
});
afterEach(async () => {
  await host.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Connects a client that sends `ready`, `start` and these frames. Resolves when all are acknowledged. */
async function speak(seqs: readonly number[]): Promise<WebSocket> {
  const offered = offerFor(host);
  const socket = new WebSocket(`${host.voiceUrl()}?user_id=ada`, offered, { origin });
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.event === 'connected') {
        socket.send(JSON.stringify(readyFor(host, offered, message)));
        socket.send(JSON.stringify({ event: 'start' }));
        for (const seq of seqs) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320)));
        socket.send(JSON.stringify({ event: 'stop' }));
      }
      if (message.event === 'voice_state' && message.state === 'idle') resolve();
    });
  });
  return socket;
}

async function end(socket: WebSocket): Promise<void> {
  const closed = once(socket, 'close');
  socket.close(1000);
  await closed;
}

const metricsUrl = () => `http://127.0.0.1:${host.voicePort()}/metrics`;
const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

describe('the health of a host', () => {
  test('counts what was received: connections, frames, gaps, duplicate frames', async () => {
    await end(await speak([0, 1, 1, 2, 5]));
    const health = await host.handlers.getHealth();
    expect(Health.parse(health)).toEqual(health);
    expect(health).toMatchObject({
      recent: { connections: 1, success_rate: 1, retry_rate: 0 },
      totals: { attempts: 1, welcomes: [1, 0, 0], aborted: 0, failed: 0, frames: 4, missing: 2, duplicates: 1 },
      warning: false,
    });
    expect(health.recent.establishment_ms?.p50).toBeGreaterThan(0);
  });

  test('is sent to every window and continues across a restart of the voice server', async () => {
    const notify = vi.fn<BridgeNotify>();
    host.subscribe(notify);
    const reported = () =>
      notify.mock.calls.flatMap(([event, payload]) => (event === 'onHealth' ? [Health.parse(payload)] : []));
    await end(await speak([0]));
    await vi.waitFor(() => expect(reported().at(-1)?.totals.attempts).toBe(1), { timeout: 20_000 });
    await host.restartVoice();
    await end(await speak([0]));
    await vi.waitFor(() => expect(reported().at(-1)?.totals.attempts).toBe(2), { timeout: 20_000 });
  });

  test('counts rejected requests by status', async () => {
    const rejected = new WebSocket(`${host.voiceUrl()}?user_id=ada`, ['voice.v1', 'auth.wrong'], { origin });
    rejected.on('error', () => undefined);
    const [, response] = await once(rejected, 'unexpected-response');
    expect(response.statusCode).toBe(401);
    rejected.terminate();
    expect((await host.handlers.getHealth()).totals).toMatchObject({ attempts: 0, refused: 1 });
    const text = await (await fetch(metricsUrl(), bearer(host.proofs.metricsToken))).text();
    expect(text.split('\n')).toContain('earshot_connections_refused_total{status="401"} 1');
  });
});

describe('GET /metrics of a host', () => {
  test('returns the figures to a client that has the token', async () => {
    const socket = await speak([0, 1, 2]);
    const response = await fetch(metricsUrl(), bearer(host.proofs.metricsToken));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await response.text()).split('\n');
    for (const line of [
      'earshot_connection_attempts_total 1',
      'earshot_connections 1',
      'earshot_sessions 1',
      'earshot_audio_frames_total 3',
      'earshot_establishment_seconds_count 1',
    ]) {
      expect(lines).toContain(line);
    }
    await end(socket);
  });

  test('H30 returns nothing to other clients, and never the token', async () => {
    for (const headers of [
      {},
      bearer('wrong').headers,
      bearer(host.token).headers,
      bearer(host.proofs.metricsToken.slice(1)).headers,
    ]) {
      const response = await fetch(metricsUrl(), { headers });
      expect(response.status).toBe(401);
      expect(await response.text()).toBe('');
    }
    const text = await (await fetch(metricsUrl(), bearer(host.proofs.metricsToken))).text();
    expect(text).not.toContain(host.token);
  });
});
