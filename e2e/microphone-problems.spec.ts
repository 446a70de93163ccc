import { PROBLEMS } from '../shared/problems.ts';
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
  const devices = await earshot.page.evaluate(() => navigator.mediaDevices.enumerateDevices());
  test.skip(
    devices.some((device) => device.kind === 'audioinput'),
    'this machine has a microphone',
  );
  await earshot.press();
  await earshot.expectView('error');
  await expect(earshot.problem).toContainText(PROBLEMS.mic_missing.title);
  await expect(earshot.problem).toContainText(PROBLEMS.mic_missing.action);

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
