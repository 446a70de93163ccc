import { useState } from 'react';
import type { AppInfo } from '../../../shared/bridge.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { text } from '../../text/text.ts';

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

type AppEnvironment = Pick<AppInfo, 'shell' | 'platform'>;

/** Whether the desktop app can open the system's settings page for microphone access. */
function hasMicrophoneSettings({ shell, platform }: AppEnvironment): boolean {
  return shell === 'desktop' && (platform === 'darwin' || platform === 'win32');
}

/** A sentence that says where the user can allow the microphone. */
function whereToAllow({ shell, platform }: AppEnvironment): string {
  const { where } = text.problems.mic_denied;
  if (shell === 'tab') return where.tab;
  return platform === 'darwin' || platform === 'win32' ? where[platform] : where.linux;
}
