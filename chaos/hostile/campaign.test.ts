import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { SeededRandom } from '../../testing/seeded-random.ts';
import { ChaosHost } from '../host.ts';
import { OutageLock } from '../outage-lock.ts';
import type { Attack } from './attack.ts';
import { AttackTally } from './attack-tally.ts';
import { runCampaign } from './campaign.ts';
import { runAttack } from './run-attack.ts';

const ends: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function startHost(): Promise<ChaosHost> {
  // The app's limits with shorter timeouts, long enough for a request on a busy machine.
  const host = await ChaosHost.start({ upgradeMs: 2_500, upgradeCheckMs: 100, closeMs: 300 });
  ends.push(() => host.stop());
  return host;
}

test('every attack on the real server ends as expected and no peer stays connected', async () => {
  const host = await startHost();
  const tally = new AttackTally();
  let left = 150;
  const shouldContinue = (): boolean => left-- > 0;
  const other = () => ({ user: 'voice-1', sessionId: 't'.repeat(16) });
  const faults = await runCampaign({
    host,
    rng: new SeededRandom(4),
    tally,
    outageLock: new OutageLock(),
    other,
    shouldContinue,
  });
  expect(faults).toEqual([]);
  expect(tally.results.unexpected).toBe(0);
  expect(tally.peers).toBeGreaterThanOrEqual(150);
  expect(tally.kinds.size).toBeGreaterThan(12);
});

test('reports every unexpected ending', async () => {
  const host = await startHost();
  const tally = new AttackTally();
  // This server accepts every request, so each attack has to be reported.
  const naive = createServer((socket: Socket) => socket.on('error', () => undefined).end('HTTP/1.1 200 OK\r\n\r\n'));
  naive.listen(0, '127.0.0.1');
  await once(naive, 'listening');
  ends.push(async () => naive.close());
  const port = (naive.address() as { port: number }).port;
  const impostor = new Proxy(host, {
    get: (target, key) => (key === 'port' ? port : Reflect.get(target, key, target)),
  });
  let left = 20;
  const shouldContinue = (): boolean => left-- > 0;
  const faults = await runCampaign({
    host: impostor,
    rng: new SeededRandom(4),
    tally,
    outageLock: new OutageLock(),
    other: () => null,
    shouldContinue,
  });
  expect(faults.length).toBe(tally.results.unexpected);
  expect(faults.length).toBeGreaterThan(10);
  expect(faults.join('\n')).toMatch(/refused 200 instead of/);
});

test('a resume token is accepted for the session that it was issued for', async () => {
  const host = await startHost();
  const used: Attack['script'] = [
    { do: 'connect' },
    { do: 'request', request: {} },
    { do: 'wait for', event: 'connected' },
    { do: 'ready' },
    { do: 'leave', how: 'reset' },
    { do: 'connect' },
    { do: 'request', request: { resume: { session: 'own', token: 'last' } } },
    { do: 'wait for', event: 'connected' },
    { do: 'leave', how: 'fin' },
  ];
  const outcome = await runAttack({ script: used, ignoresClose: false }, { port: host.port, other: null });
  expect(outcome).toEqual({ ending: 'left', hasRetryAfter: false, inputs: 3 });
  expect(host.manager.size).toBeLessThanOrEqual(1);
});
