import type { Settings } from '../../shared/settings.ts';

/** What the browser does to the microphone's sound before Earshot gets it. The names are those of the constraints. */
export interface AudioProcessing {
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
}

/** The sound as the microphone delivers it. */
export const NO_PROCESSING: AudioProcessing = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

type ProcessingSettings = Pick<Settings, 'echo_cancellation' | 'noise_suppression' | 'automatic_gain'>;

/** The setting of each kind of processing. */
export const PROCESSING_SETTINGS = {
  echoCancellation: 'echo_cancellation',
  noiseSuppression: 'noise_suppression',
  autoGainControl: 'automatic_gain',
} as const satisfies Record<keyof AudioProcessing, keyof ProcessingSettings>;

/** The processing that the user has switched on. */
export function chosenProcessing(settings: ProcessingSettings): AudioProcessing {
  return {
    echoCancellation: settings.echo_cancellation,
    noiseSuppression: settings.noise_suppression,
    autoGainControl: settings.automatic_gain,
  };
}

/**
 * The processing that is in effect on a track, as the browser reports it. A browser leaves out what it does not know.
 * @param reported from `MediaStreamTrack.getSettings`; newer browsers name the kind of echo cancellation (`all`,
 *   `remote-only`) instead of `true`
 */
export function effectiveProcessing(reported: MediaTrackSettings): Partial<AudioProcessing> {
  const { echoCancellation, noiseSuppression, autoGainControl } = reported;
  return {
    ...(echoCancellation !== undefined && { echoCancellation: Boolean(echoCancellation) }),
    ...(noiseSuppression !== undefined && { noiseSuppression }),
    ...(autoGainControl !== undefined && { autoGainControl }),
  };
}
