import { createRequire } from 'node:module';

const requireHere = createRequire(import.meta.url);
/** Resolves packages as electron-builder does, to get the same versions. */
const requireAsBuilder = createRequire(
  createRequire(requireHere.resolve('electron-builder')).resolve('app-builder-lib'),
);

/** The part of resedit that is used here: the resources of a Windows program. */
interface Resedit {
  NtExecutable: { createEmpty(is32Bit?: boolean): NtExecutable; from(program: Buffer): NtExecutable };
  NtExecutableResource: {
    from(program: NtExecutable): { entries: ResourceEntry[]; outputResource(program: NtExecutable): void };
  };
  Resource: {
    VersionInfo: { createEmpty(): VersionInfo; fromEntries(entries: ResourceEntry[]): VersionInfo[] };
    IconGroupEntry: { fromEntries(entries: ResourceEntry[]): { icons: { width: number; bitCount: number }[] }[] };
  };
}
interface NtExecutable {
  generate(): ArrayBuffer;
  setExtraData(data: ArrayBuffer): void;
}
interface ResourceEntry {
  type: string | number;
  id: string | number;
  bin: ArrayBuffer;
}
interface Language {
  lang: number;
  codepage: number;
}
interface VersionInfo {
  setStringValues(language: Language, values: Record<string, string>): void;
  getAllLanguagesForStringValues(): Language[];
  getStringValues(language: Language): Record<string, string>;
  outputToResourceEntries(entries: ResourceEntry[]): void;
}

export const resedit: Resedit = requireAsBuilder('resedit');
/** Parses and builds Apple's property lists. */
export const plist: { parse(text: string): unknown; build(value: object): string } = requireAsBuilder('plist');
