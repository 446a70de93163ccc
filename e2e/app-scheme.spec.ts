import { expect, test } from './support/test.ts';

// The responses of the desktop app's scheme. The main process sends the requests, because the page's policy forbids the
// page to fetch.

/** Requests and the expected status. The address is the part of the URL after `earshot:`. */
const REQUESTS: readonly [method: string, address: string, status: number][] = [
  ['GET', '//app/', 200],
  ['GET', '//app/index.html', 200],
  ['GET', '//app/index.html?query', 200],
  ['HEAD', '//app/index.html', 200],
  ['POST', '//app/index.html', 405],
  ['PUT', '//app/index.html', 405],
  ['DELETE', '//app/index.html', 405],
  ['OPTIONS', '//app/index.html', 405],
  ['GET', '//app/missing.html', 404],
  ['GET', '//app/index.html/', 404],
  ['GET', '//app/assets', 404],
  ['GET', '//app/../main/index.cjs', 404],
  ['GET', '//app/..%2fmain%2findex.cjs', 404],
  ['GET', '//app/%2e%2e/%2e%2e/package.json', 404],
  ['GET', '//app/..\\main\\index.cjs', 404],
  ['GET', '//app//etc/hostname', 404],
  ['GET', '//app/index.html%0a.js', 404],
  ['GET', '//app/.hidden.html', 404],
  ['GET', '//other/index.html', 404],
  ['GET', '//app.evil.example/index.html', 404],
  // Chromium removes the port from a URL of such a scheme.
  ['GET', '//app:80/index.html', 200],
];

test('H36 the app scheme serves only its own files, with the security headers', async ({ app }) => {
  const { page } = await app.open();
  const assets = await page.evaluate(() =>
    [...document.querySelectorAll('script[src], link[href]')].map((element) =>
      ((element as HTMLScriptElement).src || (element as HTMLLinkElement).href).replace('earshot:', ''),
    ),
  );
  expect(assets.length).toBeGreaterThan(1);
  const requests = [...REQUESTS, ...assets.map((address) => ['GET', address, 200] as const)];
  const answers = await app.electron().evaluate(
    ({ net }, requests) =>
      Promise.all(
        requests.map(async ([method, address]) => {
          try {
            const response = await net.fetch(`earshot:${address}`, { method });
            const headers = Object.fromEntries(response.headers);
            return { status: response.status, headers, bytes: (await response.arrayBuffer()).byteLength };
          } catch (error) {
            return { status: String(error), headers: {} as Record<string, string>, bytes: 0 };
          }
        }),
      ),
    requests,
  );
  const found = requests.map(([method, address], n) => [method, address, answers[n]?.status]);
  expect(found).toEqual(requests);
  for (const [n, { status, headers, bytes }] of answers.entries()) {
    const request = `${requests[n]?.[0]} ${requests[n]?.[1]}`;
    expect(headers, request).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('microphone=(self), accelerometer=(), camera=()'),
    });
    if (status === 200 && requests[n]?.[0] === 'GET') expect(String(bytes), request).toBe(headers['content-length']);
    else expect(bytes, request).toBe(0);
  }
  expect(answers[4]?.headers.allow).toBe('GET, HEAD');
  const types = answers.filter(({ status }) => status === 200).map(({ headers }) => headers['content-type']);
  expect(new Set(types)).toEqual(
    new Set([
      'text/html; charset=utf-8',
      'text/javascript; charset=utf-8',
      'text/css; charset=utf-8',
      'image/svg+xml',
      'font/woff2',
    ]),
  );
});
