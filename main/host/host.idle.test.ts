import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { wakeUpsInAMinute } from '../../testing/wake-ups.ts';
import { startHost } from './host.ts';

test('an idle host wakes up at most once in ten seconds', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'earshot-idle-'));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] });
  const host = await startHost({ dataDir, origin: 'earshot://app', version: '1.2.3', shell: 'desktop' });
  try {
    // As a window does when it opens.
    await host.handlers.listRecordings({ limit: 100 });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await wakeUpsInAMinute()).toBeLessThanOrEqual(6);
  } finally {
    vi.useRealTimers();
    await host.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
});
