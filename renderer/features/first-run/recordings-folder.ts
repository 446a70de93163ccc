import type { AppInfo } from '../../../shared/bridge.ts';

/** The path of the folder of recordings. */
export function recordingsFolder({ data_dir, platform }: Pick<AppInfo, 'data_dir' | 'platform'>): string {
  return `${data_dir}${platform === 'win32' ? '\\' : '/'}recordings`;
}
