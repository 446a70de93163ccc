import { type FirefoxResult, OUTPUT_RATE } from '../contract.ts';

/** Connects the microphone to an audio context of 16 kHz and posts what happened. */
async function run(): Promise<FirefoxResult> {
  const hasTrackProcessor = 'MediaStreamTrackProcessor' in globalThis;
  const result = { agent: navigator.userAgent, hasTrackProcessor };
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    new AudioContext().createMediaStreamSource(stream);
    try {
      new AudioContext({ sampleRate: OUTPUT_RATE }).createMediaStreamSource(stream);
      return { ...result, outcome: 'accepted' };
    } catch (error) {
      return { ...result, outcome: String(error) };
    }
  } catch (error) {
    return { ...result, outcome: `not measured: ${error}` };
  }
}

await fetch('/result', { method: 'POST', body: JSON.stringify(await run()) });
