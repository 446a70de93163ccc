import { useDesktop, useVoice } from '../../state/services.ts';
import { isInTurn, type UpdateText, updateText } from './update-text.ts';

/** The text of the update; null if there is none or this is a browser tab. */
export function useUpdateText(): UpdateText | null {
  const update = useDesktop(({ desktop }) => desktop?.update);
  const inTurn = useVoice(({ view }) => isInTurn(view));
  return update ? updateText(update, inTurn) : null;
}
