import { CHANNELS, SAMPLE_RATE } from '../../shared/audio-format.ts';

/** 32 kbit/s on average. Speech of 16 kHz is hard to tell from the original: 14 MB an hour. */
export const OPUS_CONFIG: AudioEncoderConfig = {
  codec: 'opus',
  sampleRate: SAMPLE_RATE,
  numberOfChannels: CHANNELS,
  bitrate: 32_000,
};

/** Whether this browser has an Opus encoder (WebCodecs). */
export async function canEncodeOpus(): Promise<boolean> {
  if (typeof AudioEncoder === 'undefined') return false;
  const found = await AudioEncoder.isConfigSupported(OPUS_CONFIG).catch(() => null);
  return found?.supported === true;
}
