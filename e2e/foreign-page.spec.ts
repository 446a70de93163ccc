import type { Frame } from '@playwright/test';
import { createLaunchProofs } from '../main/guard/launch-proofs.ts';
import { BRIDGE_PATH, BRIDGE_PROTOCOL } from '../shared/bridge.ts';
import { createClientProof } from '../shared/client-proof.ts';
import { PROTOCOL } from '../shared/protocol.ts';
import type { Host } from '../testing/shell.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectEqualsCaptured } from './support/expect-recording.ts';
import {
  FOREIGN_NAME,
  FOREIGN_ORIGINS,
  type ForeignServer,
  openForeignPage,
  startForeignServer,
} from './support/foreign-server.ts';
import { refusals } from './support/refusals.ts';
import { expect, test } from './support/test.ts';

let foreign: ForeignServer;
test.beforeEach(async () => {
  foreign = await startForeignServer();
});
test.afterEach(() => foreign.close());

for (const origin of FOREIGN_ORIGINS) {
  test(`H33 a page ${origin} can neither connect nor read anything, even with the token, and the turn continues`, async ({
    app,
    shell,
  }) => {
    app.allowErrors(/WebSocket connection to .* failed|blocked by CORS policy|Failed to load resource/);
    const earshot = await app.open();
    const host = app.host();
    await earshot.page.evaluate(recordCapturedAudio);
    await earshot.press();
    await earshot.expectView('listening');

    const frame = await openForeignPage(await app.browser(), foreign, origin);
    for (const protocols of [protocolsFor(host), [PROTOCOL]]) {
      expect(await connect(frame, `${host.voice_url}?user_id=other`, protocols)).toBe('refused');
    }
    for (const [url, init] of [
      [metricsUrl(host), {}],
      // A request without `Origin`, as for an image, is sent, but the page can't read the response.
      [metricsUrl(host), { mode: 'no-cors' }],
      [metricsUrl(host), { headers: { Authorization: `Bearer ${metricsToken(host)}` } }],
    ] as const) {
      expect(await read(frame, url, init), `${url} ${JSON.stringify(init)}`).toBe('nothing');
    }
    const expected = [
      'metrics 401 token',
      'metrics 403 origin',
      'metrics 405 method',
      ...Array(2).fill('voice 403 origin'),
    ];
    if (shell === 'tab') {
      const asset = await earshot.page.locator('script[src]').evaluate((script: HTMLScriptElement) => script.src);
      await attackPage(frame, host, asset);
      expected.push(...Array(2).fill('bridge 403 origin'), ...Array(3).fill('page 403 origin'));
    }
    await expect.poll(() => refusals(app.log())).toEqual(expected.sort());
    expect(app.log().some(({ text }) => text.includes(host.token))).toBe(false);

    await earshot.expectListenedFor(1);
    await earshot.press();
    await earshot.expectView('idle');
    const [saved] = await app.recordings(1);
    if (!saved) throw new Error('no recording');
    expect(saved).toMatchObject({ turn: 1, complete: true });
    expectEqualsCaptured(saved, await capturedAudio(earshot.page));
  });
}

for (const name of ['localhost', FOREIGN_NAME]) {
  test(`H29 the voice server refuses a page that uses the name ${name}, even with the token`, async ({ app }) => {
    app.allowErrors(/WebSocket connection to .* failed|blocked by CORS policy|Failed to load resource/);
    await app.open();
    const host = app.host();
    const frame = await openForeignPage(await app.browser(), foreign, 'under a rebound name');
    const withName = (url: string) => url.replace(new URL(url).hostname, name);
    expect(await connect(frame, `${withName(host.voice_url)}?user_id=other`, protocolsFor(host))).toBe('refused');
    expect(await read(frame, withName(metricsUrl(host)), {})).toBe('nothing');
    await expect.poll(() => refusals(app.log())).toEqual(['metrics 403 host', 'voice 403 host']);
  });
}

/** Attacks what only a tab has: a page served over HTTP, and a bridge over a WebSocket. */
async function attackPage(frame: Frame, { origin, token: secret }: Host, asset: string): Promise<void> {
  const bridge = `${origin.replace('http', 'ws')}${BRIDGE_PATH}`;
  const { protocols: appProtocols } = createClientProof({ secret, url: bridge, origin, protocol: BRIDGE_PROTOCOL });
  for (const protocols of [appProtocols, [BRIDGE_PROTOCOL]]) {
    expect(await connect(frame, bridge, protocols)).toBe('refused');
  }
  for (const [url, init] of [
    [`${origin}/`, {}],
    // Pages of the same site share the browser's cache of immutable files.
    [asset, { cache: 'no-store' }],
    [`${origin}/`, { mode: 'no-cors', method: 'POST' }],
    [`${origin}/`, { mode: 'no-cors' }],
    [asset, { mode: 'no-cors' }],
  ] as const) {
    expect(await read(frame, url, init), `${url} ${JSON.stringify(init)}`).toBe('nothing');
  }
}

/** The WebSocket protocols that the app's page offers. Any page that knows the secret can make them. */
function protocolsFor({ voice_url: url, token: secret, origin }: Host): string[] {
  return createClientProof({ secret, url, origin, protocol: PROTOCOL }).protocols;
}

function metricsToken({ token }: Host): string {
  return createLaunchProofs(token).metricsToken;
}

function metricsUrl({ voice_url }: Host): string {
  return voice_url.replace('ws', 'http').replace('/ws/voice', '/metrics');
}

/** Opens a WebSocket from the frame. @returns `open` or `refused` */
function connect(frame: Frame, url: string, protocols: string[]): Promise<string> {
  return frame.evaluate(
    ({ url, protocols }) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url, protocols);
        socket.onopen = () => resolve('open');
        socket.onclose = () => resolve('refused');
      }),
    { url, protocols },
  );
}

/** Fetches from the frame. @returns the status and text that the page can read, or `nothing` */
function read(frame: Frame, url: string, init: RequestInit): Promise<string> {
  return frame.evaluate(
    async ({ url, init }) => {
      try {
        const answer = await fetch(url, init);
        const text = await answer.text();
        return answer.type === 'opaque' && answer.status === 0 && text === '' ? 'nothing' : `${answer.status} ${text}`;
      } catch {
        return 'nothing';
      }
    },
    { url, init },
  );
}
