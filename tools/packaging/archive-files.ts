/**
 * Every file in the archive of a package, sorted; `*` stands for the hash in a name. Tests compare this list with real
 * packages, so that no other file is shipped by mistake.
 */
export const ARCHIVE_FILES: readonly string[] = [
  'dist/THIRD-PARTY.txt',
  'dist/icons/128x128.png',
  'dist/main/host.cjs',
  'dist/main/index.cjs',
  'dist/main/updater.cjs',
  'dist/preload/index.cjs',
  'dist/preload/overlay.cjs',
  'dist/renderer/assets/audio-file-worker-*.js',
  'dist/renderer/assets/capture-worker-*.js',
  'dist/renderer/assets/capture-worklet-*.js',
  'dist/renderer/assets/client-proof-*.css',
  'dist/renderer/assets/client-proof-*.js',
  'dist/renderer/assets/index-*.css',
  'dist/renderer/assets/index-*.js',
  'dist/renderer/assets/inter-cyrillic-ext-wght-normal-*.woff2',
  'dist/renderer/assets/inter-cyrillic-wght-normal-*.woff2',
  'dist/renderer/assets/inter-greek-ext-wght-normal-*.woff2',
  'dist/renderer/assets/inter-greek-wght-normal-*.woff2',
  'dist/renderer/assets/inter-latin-ext-wght-normal-*.woff2',
  'dist/renderer/assets/inter-latin-wght-normal-*.woff2',
  'dist/renderer/assets/inter-vietnamese-wght-normal-*.woff2',
  'dist/renderer/assets/jetbrains-mono-cyrillic-ext-wght-normal-*.woff2',
  'dist/renderer/assets/jetbrains-mono-cyrillic-wght-normal-*.woff2',
  'dist/renderer/assets/jetbrains-mono-greek-wght-normal-*.woff2',
  'dist/renderer/assets/jetbrains-mono-latin-ext-wght-normal-*.woff2',
  'dist/renderer/assets/jetbrains-mono-latin-wght-normal-*.woff2',
  'dist/renderer/assets/jetbrains-mono-vietnamese-wght-normal-*.woff2',
  'dist/renderer/assets/mark-*.svg',
  'dist/renderer/assets/mark-paused-*.svg',
  'dist/renderer/assets/mark-recording-*.svg',
  'dist/renderer/assets/overlay-*.css',
  'dist/renderer/assets/overlay-*.js',
  'dist/renderer/assets/tokens-*.css',
  'dist/renderer/assets/tokens-*.js',
  'dist/renderer/assets/wght-*.css',
  'dist/renderer/assets/wght-*.js',
  'dist/renderer/index.html',
  'dist/renderer/overlay.html',
  'dist/taskbar/app-paused.png',
  'dist/taskbar/app-recording.png',
  'dist/taskbar/paused.png',
  'dist/taskbar/recording.png',
  'dist/tray/tray.png',
  'dist/tray/tray@2x.png',
  'dist/tray/trayListening.png',
  'dist/tray/trayListening@2x.png',
  'dist/tray/trayListeningTemplate.png',
  'dist/tray/trayListeningTemplate@2x.png',
  'dist/tray/trayPaused.png',
  'dist/tray/trayPaused@2x.png',
  'dist/tray/trayPausedTemplate.png',
  'dist/tray/trayPausedTemplate@2x.png',
  'dist/tray/trayTemplate.png',
  'dist/tray/trayTemplate@2x.png',
  'package.json',
];

/** Size limit of the archive in bytes. An unwanted library or source map would exceed it. */
export const MAX_ARCHIVE_BYTES = 3_600_000;

/** File names in the form of `ARCHIVE_FILES`: sorted, with `*` for hashes. */
export function withoutHashes(names: Iterable<string>): string[] {
  return [...names].map((name) => name.replace(/-[\w-]{8}(?=\.\w+$)/, '-*')).sort();
}
