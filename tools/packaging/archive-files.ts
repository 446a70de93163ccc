/**
 * Every file in the archive of a package, sorted; `*` stands for the hash in a name. Tests compare this list with real
 * packages, so that no other file is shipped by mistake.
 */
export const ARCHIVE_FILES: readonly string[] = [
  'dist/THIRD-PARTY.txt',
  'dist/icons/128x128.png',
  'dist/main/index.cjs',
  'dist/main/updater.cjs',
  'dist/preload/index.cjs',
  'dist/renderer/assets/audio-file-worker-*.js',
  'dist/renderer/assets/capture-worker-*.js',
  'dist/renderer/assets/capture-worklet-*.js',
  'dist/renderer/assets/client-proof-*.css',
  'dist/renderer/assets/client-proof-*.js',
  'dist/renderer/assets/index-*.css',
  'dist/renderer/assets/index-*.js',
  'dist/renderer/assets/mark-*.svg',
  'dist/renderer/index.html',
  'dist/tray/tray.png',
  'dist/tray/tray@2x.png',
  'dist/tray/trayListening.png',
  'dist/tray/trayListening@2x.png',
  'dist/tray/trayListeningTemplate.png',
  'dist/tray/trayListeningTemplate@2x.png',
  'dist/tray/trayTemplate.png',
  'dist/tray/trayTemplate@2x.png',
  'package.json',
];

/** Size limit of the archive in bytes. An unwanted library or source map would exceed it. */
export const MAX_ARCHIVE_BYTES = 3_000_000;

/** File names in the form of `ARCHIVE_FILES`: sorted, with `*` for hashes. */
export function withoutHashes(names: Iterable<string>): string[] {
  return [...names].map((name) => name.replace(/-[\w-]{8}(?=\.\w+$)/, '-*')).sort();
}
