import { useState } from 'react';
import { useServices, useSettings } from '../../state/services.ts';
import { hasMicrophoneSettings, whereToAllow } from './allow-microphone.ts';

/**
 * The way to a microphone that was denied.
 * @returns `open` opens the system's own page, null: there is none; `where` is the sentence for those who must find it
 *   by themselves, empty: the button does
 */
export function useAllowMicrophone(denied: boolean): { open: (() => void) | null; where: string } {
  const { desktop } = useServices();
  const info = useSettings((state) => state.info);
  const [notOpened, setNotOpened] = useState(false);
  if (!denied) return { open: null, where: '' };
  if (!hasMicrophoneSettings(info)) return { open: null, where: whereToAllow(info) };
  return {
    open: () => void desktop.openMicrophoneSettings().then((opened) => setNotOpened(!opened)),
    where: notOpened ? `Earshot could not open the settings. ${whereToAllow(info)}` : '',
  };
}
