import { useDesktop, useVoice } from '../../state/services.ts';
import { isInTurn, type UpdateText, updateText } from './update-text.ts';

/** The update in words, as this window's turn lets it go on; null: there is none, or this is a tab. */
export function useUpdateText(): UpdateText | null {
  const update = useDesktop(({ desktop }) => desktop?.update);
  const inTurn = useVoice(({ view }) => isInTurn(view));
  return update ? updateText(update, inTurn) : null;
}
