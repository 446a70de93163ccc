import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BRIDGE_PATH, BRIDGE_PROTOCOL } from '../shared/bridge.ts';
import { PROTOCOL, TOKEN_PREFIX } from '../shared/protocol.ts';
import { expect, test } from './support/test.ts';

test('H33 a page of another origin reaches neither voice nor bridge, even if it knew the token', async ({ app }) => {
  const earshot = await app.open();
  app.allowErrors(/WebSocket connection to .* failed/);
  const { voice_url, origin, token } = app.host();
  const foreign = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Elsewhere</title>');
  });
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve));
  try {
    const page = await earshot.page.context().newPage();
    await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
    const connect = (url: string, protocol: string) =>
      page.evaluate(
        ({ url, protocols }) =>
          new Promise<string>((resolve) => {
            const socket = new WebSocket(url, protocols);
            socket.onopen = () => resolve('open');
            socket.onclose = () => resolve('refused');
          }),
        { url, protocols: [protocol, `${TOKEN_PREFIX}${token}`] },
      );
    expect(await connect(`${voice_url}?user_id=stranger`, PROTOCOL)).toBe('refused');
    expect(await connect(`${origin.replace('http', 'ws')}${BRIDGE_PATH}`, BRIDGE_PROTOCOL)).toBe('refused');
  } finally {
    foreign.close();
    foreign.closeAllConnections();
  }
  const refused = () => app.log().flatMap(({ event, text }) => (event === 'WS_REFUSED' ? [text] : []));
  await expect.poll(refused).toEqual([expect.stringContaining('status=403'), expect.stringContaining('status=403')]);
  expect(app.log().some((record) => record.text.includes(token))).toBe(false);
});
