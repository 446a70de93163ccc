import { parseArgs } from 'node:util';

/** The projects of a run without `--project`. */
const PROJECTS = ['tab', 'electron', 'package'] as const;

/** The projects that Playwright's arguments select. */
export function projectsOf(args: readonly string[]): string[] {
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: { project: { type: 'string', multiple: true } },
  });
  const chosen = tokens.flatMap((token) =>
    token.kind === 'option' && token.name === 'project' && token.value !== undefined ? [token.value] : [],
  );
  return chosen.length > 0 ? chosen : [...PROJECTS];
}
