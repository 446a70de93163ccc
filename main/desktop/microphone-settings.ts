import { shell } from 'electron';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';

// Electron's security checklist, item 15: no URL from a page, a peer or a file is opened. Only this file opens
// anything, and only the constants below. Linux desktops have no common settings page for the microphone.
const PAGES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone',
  win32: 'ms-settings:privacy-microphone',
};

/** Opens the system's privacy settings for the microphone. @returns false: the system has none, or did not open it */
export async function openMicrophoneSettings(log: Log, platform: NodeJS.Platform = process.platform): Promise<boolean> {
  const page = PAGES[platform];
  if (page === undefined) return false;
  try {
    await shell.openExternal(page);
    return true;
  } catch (error) {
    log('WARNING', { type: 'microphone_settings_not_opened', detail: describeError(error) });
    return false;
  }
}
