import { expect, test } from 'vitest';
import { ChaosHost } from './host.ts';
import type { AttackResult, Ending, Kind } from './hostile/attack.ts';
import { AttackTally } from './hostile/attack-tally.ts';
import { findMismatches, readMetrics } from './metrics-check.ts';

function tallyOf(...ends: Array<[Kind, Ending, AttackResult?]>): AttackTally {
  const tally = new AttackTally();
  for (const [kind, ending, result = 'as expected'] of ends) {
    tally.add(kind, { ending, hasRetryAfter: false, inputs: 1 }, result);
  }
  return tally;
}
const counted = (refusals: Array<[number, number]>, attempts = 0, welcomes = 0) => ({
  refusals: new Map(refusals),
  attempts,
  welcomes,
});

test('reads the metrics text of the server', async () => {
  const host = await ChaosHost.start();
  const { metrics } = host.health;
  metrics.refused(401);
  metrics.refused(401);
  metrics.refused(503);
  for (let i = 0; i < 5; i++) metrics.attempt();
  metrics.welcome('ready', 1, 3);
  metrics.welcome('ready', 3, 3);
  metrics.welcome('aborted', 0, 3);
  metrics.welcome('failed', 3, 3);
  expect(readMetrics(await host.metricsText())).toEqual(
    counted(
      [
        [401, 2],
        [503, 1],
      ],
      5,
      4,
    ),
  );
  await host.stop();
});

test('finds no mismatch if every observed refusal was counted and every welcome ended', () => {
  const tally = tallyOf(['token', 'refused 401'], ['origin', 'refused 403'], ['resume', 'closed 4410']);
  const refusals: Array<[number, number]> = [
    [401, 1],
    [403, 2],
  ];
  expect(findMismatches(counted(refusals, 5, 4), tally)).toEqual([]);
});

test('reports a refusal that was not counted or counted twice, and a welcome that did not end', () => {
  const tally = tallyOf(['token', 'refused 401'], ['origin', 'refused 403']);
  expect(findMismatches(counted([[401, 1]]), tally)).toEqual(['status 403: 0 counted, 1 seen']);
  const twice: Array<[number, number]> = [
    [401, 2],
    [403, 1],
  ];
  expect(findMismatches(counted(twice), tally)).toEqual(['status 401: 2 counted, 1 seen']);
  expect(findMismatches(counted([], 3, 2), tallyOf())).toEqual([
    '3 attempts, 2 welcomes that ended, 0 with nothing to resume',
  ]);
});

test('allows a counted refusal without a response if the server restarted', () => {
  const tally = tallyOf(['token', 'cut', 'restarted']);
  expect(findMismatches(counted([[401, 1]], 1, 0), tally)).toEqual([]);
  expect(findMismatches(counted([[401, 2]]), tally)).toEqual(['status 401: 2 counted, 0 seen']);
});
