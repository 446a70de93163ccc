/**
 * The process that test H46 kills: records a counting signal in real time into the folder given, and writes the number
 * of recorded samples to stdout. It never ends by itself.
 */
import { FRAME_MS, FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { createRecordings } from '../recordings/recordings.ts';

const dir = process.argv[2];
if (dir === undefined) throw new Error('usage: record-until-killed.ts <folder>');

const recording = createRecordings({ dir }).begin({
  sessionId: 'killed',
  userId: 'me',
  turn: 1,
  startedAt: new Date(),
});
const frame = new Int16Array(FRAME_SAMPLES);
const startedAtMs = performance.now();
let written = 0;

setInterval(() => {
  const due = Math.floor((performance.now() - startedAtMs) / FRAME_MS) * FRAME_SAMPLES;
  while (written < due) {
    for (let i = 0; i < FRAME_SAMPLES; i++) frame[i] = (written + i) % 32_749;
    recording.write(new Uint8Array(frame.buffer));
    written += FRAME_SAMPLES;
  }
  process.stdout.write(`${written}\n`);
}, FRAME_MS);
