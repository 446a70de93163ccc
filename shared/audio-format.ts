/** The audio format on the wire and on disk: 16-bit signed little-endian PCM, mono, 16 kHz, 20 ms per frame. */
export const SAMPLE_RATE = 16_000;
export const CHANNELS = 1;
export const BYTES_PER_SAMPLE = 2;
export const FRAME_MS = 20;
/** 320 samples: 16,000 per second × 0.020 s. */
export const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1000;
export const FRAME_BYTES = FRAME_SAMPLES * BYTES_PER_SAMPLE;
export const FRAMES_PER_SECOND = 1000 / FRAME_MS;
