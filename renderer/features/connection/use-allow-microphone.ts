import { useState } from 'react';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/en.ts';
import { hasMicrophoneSettings, whereToAllow } from './allow-microphone.ts';

/**
 * How to allow a microphone that was denied.
 * @returns `open` opens the system's settings page, or is null if there is none; `where` is a sentence that says where
 *   to find the setting, or is empty if the button opens it
 */
export function useAllowMicrophone(denied: boolean): { open: (() => void) | null; where: string } {
  const { desktop } = useServices();
  const info = useSettings((state) => state.info);
  const [notOpened, setNotOpened] = useState(false);
  if (!denied) return { open: null, where: '' };
  if (!hasMicrophoneSettings(info)) return { open: null, where: whereToAllow(info) };
  return {
    open: () => void desktop.openMicrophoneSettings().then((opened) => setNotOpened(!opened)),
    where: notOpened ? `${text.status.systemSettingsFailed} ${whereToAllow(info)}` : '',
  };
}
