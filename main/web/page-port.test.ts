import { afterEach, describe, expect, test } from 'vitest';
import { DEFAULT_PAGE_PORT, openPageServer, type PageServer } from './page-port.ts';

const open: PageServer[] = [];
async function pageServer(...args: Parameters<typeof openPageServer>): Promise<PageServer> {
  const page = await openPageServer(...args);
  open.push(page);
  return page;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ web }) => web.close()));
});

/** Returns a port that was free just now. */
async function freePort(): Promise<number> {
  const { web } = await openPageServer(0);
  await web.close();
  return web.port;
}

describe('the port of the page', () => {
  test('is the default one at every start', async () => {
    const port = await freePort();
    for (let start = 0; start < 2; start++) {
      const { web, portNote } = await pageServer(null, port);
      expect([web.port, portNote]).toEqual([port, null]);
      await web.close();
    }
  });

  test('is another one if the default is in use, with a warning that has both numbers', async () => {
    const first = await pageServer(0);
    const { web, portNote } = await pageServer(null, first.web.port);
    expect(web.port).not.toBe(first.web.port);
    expect(portNote).toMatch(new RegExp(`^Port ${first.web.port} is in use .* on port ${web.port}: `));
  });

  test('is never replaced by another one if it was requested', async () => {
    const first = await pageServer(0);
    await expect(openPageServer(first.web.port)).rejects.toMatchObject({ code: 'port_in_use' });
    expect((await pageServer(0)).portNote).toBeNull();
  });

  test('by default is neither in an ephemeral range nor blocked by browsers', () => {
    // Fetch standard, section 2.9: the highest port that browsers block is 10080.
    expect(DEFAULT_PAGE_PORT).toBeGreaterThan(10_080);
    expect(DEFAULT_PAGE_PORT).toBeLessThan(32_768);
  });
});
