import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutageLock } from './outage-lock.ts';

test('outages and deliveries never overlap, work of the same kind runs concurrently, and all work finishes', async () => {
  const kinds = fc.array(fc.constantFrom('deliver', 'outage'), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), kinds, async (scheduler, works) => {
      const outageLock = new OutageLock();
      const running = { deliver: 0, outage: 0 };
      const ends = works.map((kind) =>
        outageLock[kind](async () => {
          running[kind] += 1;
          expect(Math.min(running.deliver, running.outage)).toBe(0);
          await scheduler.schedule(Promise.resolve());
          running[kind] -= 1;
        }),
      );
      await scheduler.waitFor(Promise.all(ends));
      expect(running).toEqual({ deliver: 0, outage: 0 });
    }),
  );
});

test('releases the lock when work fails', async () => {
  const outageLock = new OutageLock();
  const fails = (): Promise<void> => Promise.reject(new Error('no'));
  await expect(outageLock.outage(fails)).rejects.toThrow('no');
  await expect(outageLock.deliver(fails)).rejects.toThrow('no');
  await expect(outageLock.outage(async () => 'yes')).resolves.toBe('yes');
});
