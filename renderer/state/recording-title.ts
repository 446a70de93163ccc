import type { RecordingInfo } from '../../shared/recording.ts';

/** The title that the user gave a recording, or the name of the file that it was imported from; empty: neither. */
export function ownTitle({ title, imported_from }: RecordingInfo): string {
  return title || (imported_from ?? '').replace(/\.[A-Za-z0-9]{1,5}$/, '');
}
