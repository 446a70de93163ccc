import type { DebRequest } from './fpm-arguments.ts';

/**
 * The control file of a package (Debian Policy, chapter 5). Pure.
 * @param installedKib installed size in KiB
 */
export function controlText(request: DebRequest, installedKib: number): string {
  const fields: [string, string | null][] = [
    ['Package', request.name],
    ['Version', request.version],
    ['License', request.license],
    ['Vendor', request.vendor],
    ['Architecture', request.architecture],
    ['Maintainer', request.maintainer],
    ['Installed-Size', String(installedKib)],
    ['Depends', request.depends.join(', ') || null],
    ['Recommends', request.recommends.join(', ') || null],
    ['Section', request.section],
    ['Priority', request.priority],
    ['Homepage', request.homepage],
    ['Description', descriptionField(request.description)],
  ];
  return fields.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\n`])).join('');
}

/** The synopsis, then the other lines, indented; an empty line becomes a dot. */
function descriptionField(text: string): string {
  const [synopsis = '', ...rest] = text.trim().split('\n');
  return [synopsis.trim(), ...rest.map((line) => ` ${line.trim() || '.'}`)].join('\n');
}
