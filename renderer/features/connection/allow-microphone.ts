import type { AppInfo } from '../../../shared/bridge.ts';
import { PROBLEMS } from '../../connection/problems.ts';

type Place = Pick<AppInfo, 'shell' | 'platform'>;

/** Whether this system has a page on who may use the microphone, which the desktop app opens. */
export function hasMicrophoneSettings({ shell, platform }: Place): boolean {
  return shell === 'desktop' && (platform === 'darwin' || platform === 'win32');
}

/** Where a person allows the microphone by themselves. */
export function whereToAllow({ shell, platform }: Place): string {
  const { where } = PROBLEMS.mic_denied;
  if (shell === 'tab') return where.tab;
  return platform === 'darwin' || platform === 'win32' ? where[platform] : where.linux;
}
