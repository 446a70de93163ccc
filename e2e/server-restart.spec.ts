import { tone } from '../testing/audio/tone.ts';
import { capturedAudio, recordCapturedAudio } from './support/captured-audio.ts';
import { expectEqualsCaptured } from './support/expect-recording.ts';
import { expect, test } from './support/test.ts';

/** In Hz. A frame has no integer number of periods, so no two frames are equal. */
const FREQUENCY = 997;

/** Length of the turn in s. */
const LISTENED_S = 5;

for (const where of ['same port', 'other port'] as const) {
  test(`H16 when the voice server restarts on the ${where} while listening, the session continues and no audio is lost`, async ({
    app,
  }) => {
    const microphone = app.microphone('tone', tone({ frequency: FREQUENCY, seconds: 60 }));
    const earshot = await app.open({ microphone, restartable: true });
    await earshot.page.evaluate(recordCapturedAudio);
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
    await earshot.expectListenedFor(LISTENED_S);
    await earshot.press();
    await earshot.expectView('idle');

    const [saved] = await app.recordings(1);
    if (!saved) throw new Error('no recording');
    // The window shows the id's first eight characters.
    expect(`${saved.session_id.slice(0, 8)}…`).toBe(session);
    expect(saved).toMatchObject({ turn: 1, complete: true });
    expectEqualsCaptured(saved, await capturedAudio(earshot.page));
  });
}
