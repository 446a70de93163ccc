import { PROBLEMS } from '../renderer/connection/problems.ts';
import { expect, test } from './support/test.ts';

test('H44 permission denied: says what to do, and the next press works once it is given', async ({ app }) => {
  app.allowErrors(/log: .* MIC_FAILED/);
  const earshot = await app.open({ permission: 'denied' });
  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(PROBLEMS.mic_denied.title);
  await expect(earshot.problem).toContainText(PROBLEMS.mic_denied.action);
  await earshot.expectLogged('client', 'MIC_FAILED');

  await app.allowMicrophone();
  await earshot.press();
  await earshot.expectView('listening');
  await expect(earshot.problem).toBeHidden();
});

test('H44 no device: says what to do, and the next press works once there is one', async ({ app }) => {
  app.allowErrors(/log: .* MIC_FAILED/);
  const earshot = await app.open({ microphone: 'none' });
  const kinds = await earshot.page.evaluate(async () =>
    (await navigator.mediaDevices.enumerateDevices()).map(({ kind }) => kind),
  );
  test.skip(kinds.includes('audioinput'), 'this machine has a microphone');
  // A machine without loudspeakers, too, may have a sound server that does not run.
  const problem = kinds.includes('audiooutput') ? PROBLEMS.mic_missing : PROBLEMS.mic_no_devices;
  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(problem.title);
  await expect(earshot.problem).toContainText(problem.action);

  // Nothing can be plugged into a running browser: a tone that the page makes itself stands for the device.
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
