import { en } from '../renderer/text/en.ts';
import { VOICE_PATH } from '../shared/protocol.ts';
import { applyToConnections, closeListener, voicePort } from './support/desktop-voice-server.ts';
import { downloadText } from './support/download-file.ts';
import { type FakeHost, startFakeHost } from './support/fake-host.ts';
import { recordMicrophones, recordResumeTokens, trackStates } from './support/page-recorder.ts';
import { type App, expect, test } from './support/test.ts';
import type { EarshotWindow } from './support/window.ts';

// Another program takes the port of the desktop app's voice server while the app is running.

const fakeHosts: FakeHost[] = [];
test.afterEach(() => Promise.all(fakeHosts.splice(0).map((server) => server.close())));

/** Closes the voice server's listener and starts a fake host on its port before the app notices. */
async function replaceVoiceServer(app: App, { page }: EarshotWindow): Promise<FakeHost> {
  const port = await voicePort(page);
  await closeListener(app.electron(), port);
  const fakeHost = await startFakeHost({ voicePort: port, origin: app.host().origin });
  fakeHosts.push(fakeHost);
  return fakeHost;
}

function expectNoSecretSent(secrets: readonly string[], fakeHost: FakeHost): void {
  const received = fakeHost.received.join('\n');
  for (const secret of secrets) expect(received.includes(secret)).toBe(false);
  expect([fakeHost.messages, received.includes('auth.'), fakeHost.upgrades(VOICE_PATH)]).toEqual([0, true, 1]);
}

/** @returns the window, and the secrets that the fake host must not get */
async function open(app: App): Promise<{ earshot: EarshotWindow; secrets: () => string[] }> {
  app.allowErrors(/WebSocket connection to .* failed|socket_error|other_program|Another program answers/);
  const earshot = await app.open({ initScript: recordMicrophones });
  const resumeTokens = recordResumeTokens(earshot.page);
  return { earshot, secrets: () => [app.host().token, ...resumeTokens] };
}

test('H66 a listening window sends no secret to another program on its voice port, and the next press works', async ({
  app,
}) => {
  const { earshot, secrets } = await open(app);
  const { page } = earshot;
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.expectListenedFor(1);
  const session = (await earshot.sessionId.textContent()) ?? '';
  const oldPort = await voicePort(page);
  // From now on no audio is acknowledged, so the window must keep it.
  await applyToConnections(app.electron(), oldPort, 'pause');
  await earshot.expectListenedFor((await earshot.seconds()) + 1.5);
  const fakeHost = await replaceVoiceServer(app, earshot);
  await applyToConnections(app.electron(), oldPort, 'destroy');

  await expect(earshot.problem).toHaveAttribute('data-problem', 'other_program');
  await expect(earshot.problem).toContainText(en.problems.other_program.title);
  await expect.poll(() => trackStates(earshot.page)).toEqual(['ended']);
  await expect(page.getByTestId('unsaved-audio')).toContainText('is not saved');
  expectNoSecretSent(secrets(), fakeHost);

  // The window's request made the host restart its voice server on another port.
  await expect.poll(() => voicePort(page)).not.toBe(oldPort);
  await earshot.press();
  await earshot.expectView('listening');
  await expect(earshot.sessionId).not.toHaveText(session);
  await earshot.expectListenedFor(1);
  expectNoSecretSent(secrets(), fakeHost);
  await earshot.press();
  await earshot.expectView('idle');
  // The host still keeps the session of the first turn, until the resume window ends. The second turn is saved.
  await app.recordings(1);

  const unsaved = page.getByTestId('unsaved-audio');
  // At least 1.5 s were not acknowledged.
  await expect(unsaved.getByRole('heading')).toHaveText(/^0:0[1-9] is not saved$/);
  const file = await downloadText(app, 'electron', page, () => page.getByTestId('unsaved-audio-save').click());
  expect(file.startsWith('RIFF')).toBe(true);
});

test('H66 a press while another program has the voice port opens no session there, and the next press reaches the server', async ({
  app,
}) => {
  const { earshot, secrets } = await open(app);
  const oldPort = await voicePort(earshot.page);
  const fakeHost = await replaceVoiceServer(app, earshot);
  await earshot.press();
  await expect(earshot.problem).toHaveAttribute('data-problem', 'other_program');
  await expect.poll(() => trackStates(earshot.page)).not.toContain('live');
  expectNoSecretSent(secrets(), fakeHost);
  await expect.poll(() => voicePort(earshot.page)).not.toBe(oldPort);
  await earshot.press();
  await earshot.expectView('listening');
  await earshot.press();
  await earshot.expectView('idle');
  expectNoSecretSent(secrets(), fakeHost);
});
