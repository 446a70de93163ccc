import type { AppInfo } from '../../../shared/bridge.ts';
import { PROBLEMS } from '../../connection/problems.ts';

type Place = Pick<AppInfo, 'shell' | 'platform'>;

/** Whether the desktop app can open the system's settings page for microphone access. */
export function hasMicrophoneSettings({ shell, platform }: Place): boolean {
  return shell === 'desktop' && (platform === 'darwin' || platform === 'win32');
}

/** A sentence that says where the user can allow the microphone. */
export function whereToAllow({ shell, platform }: Place): string {
  const { where } = PROBLEMS.mic_denied;
  if (shell === 'tab') return where.tab;
  return platform === 'darwin' || platform === 'win32' ? where[platform] : where.linux;
}
