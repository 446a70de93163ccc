import type { AudioProcessing } from '../../capture/audio-processing.ts';
import type { OpenedMicrophone } from '../../state/microphones-store.ts';
import { text } from '../../text/text.ts';

/**
 * Says that the browser did something else than the switch says with the last microphone.
 * @param on the switch
 * @returns an empty text if the browser did as asked or reports nothing, and if the switch was changed since
 */
export function processingNote(kind: keyof AudioProcessing, on: boolean, opened: OpenedMicrophone | null): string {
  if (opened === null || opened.asked[kind] !== on) return '';
  const effective = opened.effective[kind];
  if (effective === undefined || effective === on) return '';
  const name = opened.label || text.microphone.unnamed;
  return effective ? text.processing.reportedOn({ name }) : text.processing.reportedOff({ name });
}
