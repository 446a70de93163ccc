/** Precedes the fuses in Electron's program (docs/tutorial/fuses.md of Electron). */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';

/** The fuses of version 1, in the order of their bytes. */
const FUSES = [
  'RunAsNode',
  'CookieEncryption',
  'NodeOptions',
  'NodeCliInspect',
  'EmbeddedAsarIntegrityValidation',
  'OnlyLoadAppFromAsar',
  'LoadBrowserProcessSpecificV8Snapshot',
  'GrantFileProtocolExtraPrivileges',
  'WasmTrapHandlers',
] as const;
export type Fuses = Record<(typeof FUSES)[number], boolean>;

/** The fuses of Electron 45 as released. */
const DEFAULT_FUSES: Fuses = {
  RunAsNode: true,
  CookieEncryption: false,
  NodeOptions: true,
  NodeCliInspect: true,
  EmbeddedAsarIntegrityValidation: false,
  OnlyLoadAppFromAsar: false,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: true,
  WasmTrapHandlers: true,
};

/**
 * The fuses of every package: those that `electron-builder.yml` sets, and the last one, which it can't set, with
 * Electron's default.
 */
export const PACKAGE_FUSES: Fuses = {
  RunAsNode: false,
  CookieEncryption: false,
  NodeOptions: false,
  NodeCliInspect: false,
  EmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
  WasmTrapHandlers: true,
};

/** Encodes fuses as in Electron's program: sentinel, version 1, number of fuses, then `1` or `0` for each. */
export function encodeFuses(fuses: Fuses = DEFAULT_FUSES): Buffer {
  const states = FUSES.map((name) => (fuses[name] ? '1' : '0')).join('');
  return Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, FUSES.length]), Buffer.from(states)]);
}

/**
 * Reads the fuses of a program. Fuses that an older Electron lacks are absent from the result.
 * @throws if the sentinel is missing or occurs twice, or version, number or a state is unknown
 */
export function readFuses(program: Buffer): Partial<Fuses> {
  const at = program.indexOf(SENTINEL);
  if (at === -1 || program.lastIndexOf(SENTINEL) !== at)
    throw new Error('the sentinel of the fuses does not occur exactly once');
  const [version, count = 0] = program.subarray(at + SENTINEL.length);
  if (version !== 1 || count > FUSES.length) throw new Error(`unknown fuses: version ${version}, ${count} of them`);
  const states = program.toString('latin1', at + SENTINEL.length + 2, at + SENTINEL.length + 2 + count);
  if (!/^[01]+$/.test(states)) throw new Error(`unknown states of fuses: ${states}`);
  return Object.fromEntries([...states].map((state, i) => [FUSES[i], state === '1']));
}
