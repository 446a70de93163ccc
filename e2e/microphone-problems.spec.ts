import { en } from '../renderer/text/en.ts';
import { expect, test } from './support/test.ts';

test('H44 a denied permission: the window says what to do, and the next press works once it is granted', async ({
  app,
}) => {
  app.allowErrors(/log: .* MIC_FAILED/);
  const earshot = await app.open({ permission: 'denied' });
  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(en.problems.mic_denied.title);
  await expect(earshot.problem).toContainText(en.problems.mic_denied.action);
  await earshot.expectLogged('client', 'MIC_FAILED');

  await app.allowMicrophone();
  await earshot.press();
  await earshot.expectView('listening');
  await expect(earshot.problem).toBeHidden();
});

test('H44 no device: the window says what to do, and the next press works once there is one', async ({ app }) => {
  app.allowErrors(/log: .* MIC_FAILED/);
  const earshot = await app.open({ microphone: 'none' });
  const kinds = await earshot.page.evaluate(async () =>
    (await navigator.mediaDevices.enumerateDevices()).map(({ kind }) => kind),
  );
  test.skip(kinds.includes('audioinput'), 'this machine has a microphone');
  // If there is no output device either, the sound server may not be running.
  const problem = kinds.includes('audiooutput') ? en.problems.mic_missing : en.problems.mic_no_devices;
  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(problem.title);
  await expect(earshot.problem).toContainText(problem.action);

  // A fake device can't be added to a running browser, so the page generates a tone instead.
  await earshot.page.evaluate(() => {
    const context = new AudioContext();
    const oscillator = new OscillatorNode(context);
    const destination = new MediaStreamAudioDestinationNode(context);
    oscillator.connect(destination);
    oscillator.start();
    navigator.mediaDevices.getUserMedia = async () => destination.stream;
  });
  await earshot.press();
  await earshot.expectView('listening');
  await expect(earshot.problem).toBeHidden();
});
