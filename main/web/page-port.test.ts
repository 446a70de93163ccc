import { afterEach, describe, expect, it } from 'vitest';
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

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const { web } = await openPageServer(0);
  await web.close();
  return web.port;
}

describe('the port of the page', () => {
  it('is the default one at every start, as nothing remembers another', async () => {
    const port = await freePort();
    for (let start = 0; start < 2; start++) {
      const { web, portNote } = await pageServer(null, port);
      expect([web.port, portNote]).toEqual([port, null]);
      await web.close();
    }
  });

  it('is another one where the default is taken, and that is said with both numbers', async () => {
    const first = await pageServer(0);
    const { web, portNote } = await pageServer(null, first.web.port);
    expect(web.port).not.toBe(first.web.port);
    expect(portNote).toMatch(new RegExp(`^Port ${first.web.port} is in use .* on port ${web.port}: `));
  });

  it('that was asked for is had or not, and never another one in its place', async () => {
    const first = await pageServer(0);
    await expect(openPageServer(first.web.port)).rejects.toMatchObject({ code: 'port_in_use' });
    expect((await pageServer(0)).portNote).toBeNull();
  });

  it('by default is none that a system gives away, and none that browsers refuse', () => {
    // Fetch standard, section 2.9: the highest port that browsers block is 10080.
    expect(DEFAULT_PAGE_PORT).toBeGreaterThan(10_080);
    expect(DEFAULT_PAGE_PORT).toBeLessThan(32_768);
  });
});
