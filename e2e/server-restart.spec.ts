import { seconds } from './support/audio/level.ts';
import { tone } from './support/audio/tone.ts';
import { expect, test } from './support/test.ts';
import { expectUnbrokenTone, FREQUENCY } from './support/unbroken-tone.ts';

const TONE_S = 5;

for (const where of ['same port', 'other port'] as const) {
  test(`H16 the voice server is restarted on the ${where} while listening: the same session goes on, and nothing is lost`, async ({
    app,
  }) => {
    const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: TONE_S, silence: 0.5 }));
    const earshot = await app.open({ microphone, restartable: true });
    await earshot.press();
    await earshot.expectView('listening');
    const session = await earshot.sessionId.textContent();
    await earshot.expectListenedFor(2);

    const views = await earshot.recordViews();
    const host = app.host();
    const address = await host.restartVoice(where);
    if (where === 'same port') expect(address).toBe(host.voice_url);
    else expect(address).not.toBe(host.voice_url);
    await earshot.expectView('listening');
    await expect(earshot.sessionId).toHaveText(session ?? '');
    expect(await views()).toEqual(['reconnecting', 'listening']);
    await expect(earshot.page.getByTestId('loss')).toContainText('nothing was lost');
    await earshot.expectLogged('client', 'WS_RESUMED');
    await earshot.expectLogged('server', 'SESSION_RESUMED');
    await earshot.expectListenedFor(TONE_S + 2);
    await earshot.press();
    await earshot.expectView('idle');

    const [kept] = await app.recordings(1);
    if (!kept) throw new Error('no recording');
    // The window shows the id's first eight characters.
    expect(`${kept.session_id.slice(0, 8)}…`).toBe(session);
    expect(kept).toMatchObject({ turn: 1, complete: true, gaps: [] });
    const { heard } = expectUnbrokenTone(kept.sound);
    expect(Math.abs(seconds(heard) - TONE_S), 'duration, s').toBeLessThan(0.05);
  });
}
