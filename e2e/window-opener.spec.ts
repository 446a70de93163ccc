import { startForeignServer } from './support/foreign-server.ts';
import { expect, test } from './support/test.ts';

test('H36 a page that the app’s page opens has no reference to it', async ({ app }) => {
  const foreign = await startForeignServer();
  try {
    const { page } = await app.open();
    const there = `http://127.0.0.1:${foreign.port}/`;
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.evaluate((there) => void window.open(there), there),
    ]);
    await opened.waitForURL(there);
    expect(await opened.evaluate(() => [window.opener, document.referrer])).toEqual([null, '']);
  } finally {
    await foreign.close();
  }
});
