import { parseArgs } from 'node:util';
import { EarshotError } from '../../../shared/errors.ts';

/** The scripts that dpkg runs, with their names in the package. */
type MaintainerScript = 'preinst' | 'postinst' | 'prerm' | 'postrm';

/** A Debian package to build, from fpm's arguments. */
export interface DebRequest {
  /** Path of the package. */
  output: string;
  name: string;
  version: string;
  architecture: string;
  maintainer: string;
  vendor: string | null;
  license: string | null;
  homepage: string | null;
  section: string;
  priority: string;
  /** The first line is the synopsis. */
  description: string;
  depends: readonly string[];
  recommends: readonly string[];
  /** Paths of the scripts. */
  scripts: Readonly<Partial<Record<MaintainerScript, string>>>;
  /** Installed paths of files that an administrator may change. */
  configFiles: readonly string[];
  /** Value for `dpkg-deb -Z`. */
  compression: 'gzip' | 'xz' | 'none';
  /** 0 to 9; null: the default of dpkg-deb. */
  compressionLevel: number | null;
  /** Sources and targets. A source that ends in `/` means the contents of that folder. */
  contents: readonly { from: string; to: string }[];
}

const text = { type: 'string' } as const;
const list = { type: 'string', multiple: true } as const;
/** The options that electron-builder uses or that a configuration is likely to add (`deb.fpm`). */
const OPTIONS = {
  'input-type': { type: 'string', short: 's' },
  'output-type': { type: 'string', short: 't' },
  force: { type: 'boolean' },
  package: { type: 'string', short: 'p' },
  name: { type: 'string', short: 'n' },
  version: { type: 'string', short: 'v' },
  iteration: text,
  architecture: { type: 'string', short: 'a' },
  maintainer: { type: 'string', short: 'm' },
  vendor: text,
  license: text,
  url: text,
  category: text,
  description: text,
  depends: { type: 'string', short: 'd', multiple: true },
  'before-install': text,
  'after-install': text,
  'before-remove': text,
  'after-remove': text,
  'config-files': list,
  'deb-recommends': list,
  'deb-priority': text,
  'deb-compression': text,
  'deb-compression-level': text,
} as const;

const COMPRESSIONS: Readonly<Record<string, DebRequest['compression']>> = { gz: 'gzip', xz: 'xz', none: 'none' };

/**
 * Parses the arguments that electron-builder passes to fpm for a `.deb`. Refuses unknown options, which would change
 * the package in a way that this program does not support. Pure.
 * @throws {EarshotError} `bad_argument`
 */
export function parseFpmArguments(argv: readonly string[]): DebRequest {
  const { values, positionals } = parse(argv);
  const needed = (name: 'package' | 'name' | 'version' | 'architecture' | 'maintainer') => {
    const value = values[name];
    if (!value) throw new EarshotError('bad_argument', `A .deb needs --${name}.`);
    return value;
  };
  if (values['input-type'] !== 'dir' || values['output-type'] !== 'deb') {
    throw new EarshotError('bad_argument', 'Only a .deb from files and folders is supported: -s dir -t deb.');
  }
  const compression = COMPRESSIONS[values['deb-compression'] ?? 'gz'];
  const level = values['deb-compression-level'];
  if (compression === undefined || (level !== undefined && !/^\d$/.test(level))) {
    throw new EarshotError('bad_argument', 'A .deb is compressed with gz, xz or none, at a level from 0 to 9.');
  }
  return {
    output: needed('package'),
    name: needed('name'),
    version: values.iteration ? `${needed('version')}-${values.iteration}` : needed('version'),
    architecture: needed('architecture'),
    maintainer: needed('maintainer'),
    vendor: values.vendor ?? null,
    license: values.license ?? null,
    homepage: values.url ?? null,
    section: values.category ?? 'default',
    priority: values['deb-priority'] ?? 'optional',
    description: values.description ?? '',
    depends: values.depends ?? [],
    recommends: values['deb-recommends'] ?? [],
    scripts: {
      ...(values['before-install'] ? { preinst: values['before-install'] } : {}),
      ...(values['after-install'] ? { postinst: values['after-install'] } : {}),
      ...(values['before-remove'] ? { prerm: values['before-remove'] } : {}),
      ...(values['after-remove'] ? { postrm: values['after-remove'] } : {}),
    },
    configFiles: values['config-files'] ?? [],
    compression,
    compressionLevel: level === undefined ? null : Number(level),
    contents: positionals.map(parseContent),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new EarshotError('bad_argument', `The arguments for the .deb are invalid: ${detail}`, { cause: error });
  }
}

/** Parses `from=to`, where `to` is an absolute path in the installed system. */
function parseContent(argument: string): { from: string; to: string } {
  const at = argument.lastIndexOf('=');
  const [from, to] = [argument.slice(0, at), argument.slice(at + 1)];
  if (at < 1 || !to.startsWith('/') || to.split('/').includes('..')) {
    throw new EarshotError('bad_argument', `Contents are given as source=/target, not ${JSON.stringify(argument)}.`);
  }
  return { from, to };
}
