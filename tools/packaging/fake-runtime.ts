import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { plist, resedit } from './builder-libraries.ts';
import { encodeFuses } from './fuses.ts';

// A fake Electron runtime for macOS or Windows, whose real ones are not available on Linux. It has the files that
// packaging needs, and programs with fuses and resources, but it can't run an app. Packages for Linux use a real
// runtime (test-packages.ts).

export type System = 'win' | 'mac';

const ENGLISH = { lang: 0x0409, codepage: 1200 };
const HELPERS = ['', ' (Renderer)', ' (GPU)', ' (Plugin)'];

/** Writes the runtime for one system into a folder, for electron-builder's `electronDist`. */
export async function writeRuntime(folder: string, system: System): Promise<void> {
  const write = async (path: string, content: string | Buffer) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  const resources = system === 'mac' ? 'Electron.app/Contents/Resources' : 'resources';
  // Electron's default app, which must not be in a package.
  await write(`${resources}/default_app.asar`, 'not ours');
  if (system === 'mac') return writeBundle(write);

  await write('LICENSE', "Electron's licence");
  await write('LICENSES.chromium.html', "Chromium's licences");
  await write('version', '45');
  await write('locales/en-US.pak', '');
  await write('electron.exe', windowsProgram());
  await chmod(join(folder, 'electron.exe'), 0o755);
}

async function writeBundle(write: (path: string, content: string | Buffer) => Promise<void>): Promise<void> {
  const contents = 'Electron.app/Contents';
  const about = (name: string) =>
    plist.build({
      CFBundleExecutable: name,
      CFBundleName: name,
      CFBundleIdentifier: 'com.github.Electron',
      CFBundlePackageType: 'APPL',
    });
  await write(`${contents}/Info.plist`, about('Electron'));
  await write(`${contents}/MacOS/Electron`, '');
  await write(`${contents}/Resources/electron.icns`, '');
  await write(`${contents}/Frameworks/Electron Framework.framework/Electron Framework`, encodeFuses());
  for (const kind of HELPERS) {
    const name = `Electron Helper${kind}`;
    await write(`${contents}/Frameworks/${name}.app/Contents/Info.plist`, about(name));
    await write(`${contents}/Frameworks/${name}.app/Contents/MacOS/${name}`, '');
  }
}

/** A program without code, but with the version resource that packaging changes. */
function windowsProgram(): Buffer {
  const program = resedit.NtExecutable.createEmpty(false);
  const resource = resedit.NtExecutableResource.from(program);
  const version = resedit.Resource.VersionInfo.createEmpty();
  version.setStringValues(ENGLISH, { ProductName: 'Electron', FileDescription: 'Electron' });
  version.outputToResourceEntries(resource.entries);
  resource.outputResource(program);
  const fuses = encodeFuses();
  program.setExtraData(fuses.buffer.slice(fuses.byteOffset, fuses.byteOffset + fuses.byteLength) as ArrayBuffer);
  return Buffer.from(program.generate());
}
