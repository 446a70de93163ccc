import { once } from 'node:events';
import type { Page } from '@playwright/test';
import { WebSocket } from 'ws';
import { loopbackLookup } from '../main/testing/loopback-lookup.ts';
import { en } from '../renderer/text/en.ts';
import { BRIDGE_PATH, BRIDGE_PROTOCOL } from '../shared/bridge.ts';
import { createClientProof } from '../shared/client-proof.ts';
import { HOST_PROOF_PATH } from '../shared/host-proof.ts';
import { PROTOCOL, VOICE_PATH } from '../shared/protocol.ts';
import type { Host } from '../testing/shell.ts';
import { type FakeHost, type FakeHostOptions, startFakeHost } from './support/fake-host.ts';
import { recordMicrophones, recordResumeTokens, trackStates } from './support/page-recorder.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// The host is killed, and another program takes its ports while a tab is still open. The tab must not send it any
// secret.

const fakeHosts: FakeHost[] = [];
test.afterEach(() => Promise.all(fakeHosts.splice(0).map((server) => server.close())));

interface Tab {
  earshot: EarshotWindow;
  page: Page;
  host: Host;
  /** The resume tokens that the page has received. */
  resumeTokens: readonly string[];
}

async function open(app: App): Promise<Tab> {
  app.allowErrors(
    /WebSocket connection to .* failed|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE|Another program answers/,
  );
  const earshot = await app.open({ initScript: recordMicrophones });
  const { page } = earshot;
  return { earshot, page, host: app.host(), resumeTokens: recordResumeTokens(page) };
}

/**
 * Kills the host and starts a fake host on its ports.
 * @param beforeStart awaited before the fake host starts
 */
async function replaceHost(
  { host }: Tab,
  options: FakeHostOptions = {},
  beforeStart = async () => {},
): Promise<FakeHost> {
  await host.kill();
  await beforeStart();
  const pagePort = Number(new URL(host.origin).port);
  const voicePort = Number(new URL(host.voice_url).port);
  const fakeHost = await startFakeHost({ pagePort, voicePort, origin: host.origin }, options);
  fakeHosts.push(fakeHost);
  return fakeHost;
}

/** Expects that the tab has sent the fake host neither a secret nor a message. */
function expectNoSecretSent({ host, resumeTokens }: Tab, fakeHost: FakeHost): void {
  const received = fakeHost.received.join('\n');
  for (const secret of [host.token, ...resumeTokens]) expect(received.includes(secret)).toBe(false);
  expect([fakeHost.messages, received.includes('auth.')]).toEqual([0, fakeHost.upgrades(VOICE_PATH) > 0]);
  // The tab asked for a host proof, and did not open a bridge socket without one.
  expect([received.includes(HOST_PROOF_PATH), fakeHost.upgrades(BRIDGE_PATH)]).toEqual([true, 0]);
}

const readStorage = (page: Page) => page.evaluate(() => JSON.stringify({ ...sessionStorage }));

test('H66 an idle tab opens no microphone for another program on the port, sends it nothing, and reports the problem', async ({
  app,
}) => {
  const tab = await open(app);
  const { page, earshot, host } = tab;
  expect(await readStorage(page)).toContain(host.token);
  const fakeHost = await replaceHost(tab);
  await earshot.showLog();
  await expect(page.getByTestId('log-cut-off')).toContainText('Another program answers in Earshot’s place');
  expect(await readStorage(page)).not.toContain(host.token);
  expect([await trackStates(page), fakeHost.upgrades(VOICE_PATH)]).toEqual([[], 0]);
  await earshot.expectView('idle');
  expectNoSecretSent(tab, fakeHost);

  // A press reports the problem and releases the microphone.
  await earshot.press();
  await expect(earshot.problem).toHaveAttribute('data-problem', 'other_program');
  await expect(earshot.problem).toContainText(en.problems.other_program.title);
  await expect.poll(() => trackStates(page)).not.toContain('live');
  expect(fakeHost.upgrades(VOICE_PATH)).toBe(1);
  expectNoSecretSent(tab, fakeHost);

  // The other program's page has the same origin, but must find no secret.
  await page.reload();
  await expect(page).toHaveTitle('Not Earshot');
  expect(await readStorage(page)).not.toContain(host.token);
  expect(page.url()).not.toContain(host.token);
  expectNoSecretSent(tab, fakeHost);
});

test('H66 the first press after the host was replaced runs no code of the other program and sends it no audio', async ({
  app,
}) => {
  const tab = await open(app);
  const { page, earshot } = tab;
  // Leave the voice connection pending, so that the microphone stays open for a while.
  const fakeHost = await replaceHost(tab, { ignoresVoice: true });
  await earshot.showLog();
  await expect(page.getByTestId('log-cut-off')).toContainText('Another program answers in Earshot’s place');
  await earshot.press();
  await expect.poll(() => trackStates(page)).toEqual(['live']);
  await expect(earshot.problem).toHaveAttribute('data-problem', 'other_program');
  await expect.poll(() => trackStates(page)).toEqual(['ended']);
  const received = fakeHost.received.join('\n');
  expect(fakeHost.upgrades(VOICE_PATH)).toBe(1);
  expect([received.includes('.js'), received.includes('/malicious-script-runs'), received.includes('/audio?')]).toEqual(
    [false, false, false],
  );
});

for (const [title, imitatesHost] of [
  ['serves its own pages', false],
  ['imitates Earshot', true],
] as const) {
  test(`H66 a listening tab sends no audio to another program that ${title}, and offers the unsaved audio`, async ({
    app,
  }) => {
    const tab = await open(app);
    const { page, earshot, host } = tab;
    await earshot.press();
    await earshot.expectView('listening');
    await earshot.expectListenedFor(1);
    expect(tab.resumeTokens).toHaveLength(1);
    const fakeHost = await replaceHost(tab, { imitatesHost }, async () => {
      await earshot.expectView('reconnecting');
      // Record 2 s without a host, so that there is unsaved audio to offer.
      await earshot.expectListenedFor((await earshot.seconds()) + 2);
    });
    await earshot.expectView('error', 30_000);
    await expect(earshot.problem).toHaveAttribute('data-problem', 'other_program');
    await expect.poll(() => trackStates(page)).toEqual(['ended']);
    await expect(page.getByTestId('unsaved-audio')).toContainText('is not saved');
    const notice = imitatesHost ? 'Earshot was started again' : 'Another program answers in Earshot’s place';
    await earshot.showLog();
    await expect(page.getByTestId('log-cut-off')).toContainText(notice);
    expect(await readStorage(page)).not.toContain(host.token);
    expect(fakeHost.upgrades(VOICE_PATH)).toBeLessThanOrEqual(1);
    expectNoSecretSent(tab, fakeHost);
  });
}

test('H66 a tab does not trust a server that knows only the secret of an earlier launch', async ({ app }) => {
  // An attacker could find it in the browser's history or session files.
  const earlierSecret = (await open(app)).host.token;
  await app.host().kill();
  await app.runHost();
  const tab = await open(app);
  const { page, earshot, host } = tab;
  expect(host.token).not.toBe(earlierSecret);

  const bridge = `${host.origin.replace('http', 'ws')}${BRIDGE_PATH}`;
  expect(await upgrade(bridge, BRIDGE_PROTOCOL, earlierSecret, host.origin)).toBe(401);
  expect(await upgrade(host.voice_url, PROTOCOL, earlierSecret, host.origin)).toBe(401);
  expect(await upgrade(host.voice_url, PROTOCOL, host.token, host.origin)).toBe(101);

  const fakeHost = await replaceHost(tab, { secret: earlierSecret });
  await earshot.showLog();
  await expect(page.getByTestId('log-cut-off')).toContainText('Another program answers in Earshot’s place');
  await earshot.press();
  await expect(earshot.problem).toHaveAttribute('data-problem', 'other_program');
  expectNoSecretSent(tab, fakeHost);
});

/** Requests an upgrade with a proof made with this secret. @returns the HTTP status */
async function upgrade(url: string, protocol: string, secret: string, origin: string): Promise<number> {
  const { protocols } = createClientProof({ secret, url, origin, protocol });
  const query = protocol === PROTOCOL ? '?user_id=other' : '';
  const socket = new WebSocket(`${url}${query}`, protocols, { origin, lookup: loopbackLookup });
  socket.on('error', () => undefined);
  const answer = Promise.race([
    once(socket, 'open').then(() => 101),
    once(socket, 'unexpected-response').then(([, response]) => response.statusCode as number),
  ]);
  return answer.finally(() => socket.terminate());
}
