/** Marks the place of the fuses in Electron's program (docs/tutorial/fuses.md of Electron). */
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

/** As Electron 45 is released. */
const AS_RELEASED: Fuses = {
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
 * As the fuses must be in every package: what `electron-builder.yml` states, and the last one, which it can't set, as
 * Electron is released.
 */
export const IN_PACKAGES: Fuses = {
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

/** The bytes that a program of Electron carries: the mark, version 1, how many fuses follow, and each as `1` or `0`. */
export function fuseWire(fuses: Fuses = AS_RELEASED): Buffer {
  const states = FUSES.map((name) => (fuses[name] ? '1' : '0')).join('');
  return Buffer.concat([Buffer.from(SENTINEL), Buffer.from([1, FUSES.length]), Buffer.from(states)]);
}

/**
 * Reads the fuses of a program. An older Electron has fewer of them: those that it lacks are not in the result.
 * @throws when it has none, twice the mark, another version, or more of them than are known here
 */
export function readFuses(program: Buffer): Partial<Fuses> {
  const at = program.indexOf(SENTINEL);
  if (at === -1 || program.lastIndexOf(SENTINEL) !== at) throw new Error('not one place for the fuses');
  const [version, count = 0] = program.subarray(at + SENTINEL.length);
  if (version !== 1 || count > FUSES.length) throw new Error(`fuses of version ${version}, ${count} of them`);
  const states = program.toString('latin1', at + SENTINEL.length + 2, at + SENTINEL.length + 2 + count);
  if (!/^[01]+$/.test(states)) throw new Error(`fuses in another state: ${states}`);
  return Object.fromEntries([...states].map((state, i) => [FUSES[i], state === '1']));
}
