import { FIREFOX_CAPTURES, type FirefoxResult, INPUT_RATES, OUTPUT_RATE } from '../contract.ts';
import { api } from './page.ts';

/** Length of each capture, in seconds. */
const CAPTURE_S = 7;

/** Connects the microphone to an audio context of 16 kHz. @returns `accepted`, or the error */
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

async function run(): Promise<FirefoxResult> {
  const result: FirefoxResult = {
    agent: navigator.userAgent,
    outcome: await connectAt16kHz().catch((error: unknown) => `not measured: ${error}`),
    captures: [],
  };
  if (result.outcome !== 'accepted') return result;
  try {
    for (const rate of INPUT_RATES) {
      for (const how of FIREFOX_CAPTURES) {
        const run = { kinds: [how], source: { tones: rate }, seconds: CAPTURE_S, busy: false };
        const [captured] = await api.capture(run);
        if (captured) result.captures.push({ how, rate, captured });
      }
    }
  } catch (error) {
    result.outcome = `accepted, but the capture failed: ${error}`;
  }
  return result;
}

await fetch('/result', { method: 'POST', body: JSON.stringify(await run()) });
