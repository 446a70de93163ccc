import { type FirefoxResult, OUTPUT_RATE } from '../page-api.ts';

/** Tries to connect the microphone to an audio context of 16 kHz. @returns `accepted`, or the error */
async function connectAt16kHz(): Promise<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext({ sampleRate: OUTPUT_RATE });
  try {
    context.createMediaStreamSource(stream);
    return 'accepted';
  } catch (error) {
    return String(error);
  } finally {
    await context.close();
    for (const track of stream.getTracks()) track.stop();
  }
}

const outcome = await connectAt16kHz().catch((error: unknown) => `not measured: ${error}`);
const result: FirefoxResult = { agent: navigator.userAgent, outcome };
await fetch('/result', { method: 'POST', body: JSON.stringify(result) });
