import { z } from 'zod';

const Permissions = z.union([z.string(), z.record(z.string(), z.string())]);
const Step = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
});
const Job = z.object({
  uses: z.string().optional(),
  'timeout-minutes': z.number().optional(),
  permissions: Permissions.optional(),
  steps: z.array(Step).default([]),
});

/** The parts of a GitHub Actions workflow that the rules use. */
export const Workflow = z.object({
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: Permissions.optional(),
  concurrency: z.unknown().optional(),
  jobs: z.record(z.string(), Job),
});
export type Workflow = z.infer<typeof Workflow>;

/** `owner/repository[/path]@` and a full commit hash: a tag could be moved to other code. */
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
/** Text that outsiders control and that a script would execute. */
const UNTRUSTED_TEXT = /\$\{\{(?:(?!\}\}).)*\bgithub\.(?:event|head_ref)\b/s;

/**
 * Checks a workflow against GitHub's guide to security hardening.
 * @returns one line per violation, with its job
 */
export function violations({ on, permissions, concurrency, jobs }: Workflow): string[] {
  const found: string[] = [];
  const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on);
  if (events.includes('pull_request_target')) found.push("pull_request_target runs others' code with our permissions");
  if (!readsOnly(permissions)) found.push('the workflow has more than read permissions');
  if (concurrency === undefined) found.push('no concurrency: state what happens to an older run');

  for (const [name, job] of Object.entries(jobs)) {
    if (job.uses === undefined && job['timeout-minutes'] === undefined) found.push(`${name}: no timeout-minutes`);
    if (typeof job.permissions === 'string') found.push(`${name}: name each permission, not ${job.permissions}`);
    for (const { uses } of [job, ...job.steps]) {
      if (uses !== undefined && !uses.startsWith('./') && !PINNED.test(uses))
        found.push(`${name}: ${uses} is not pinned`);
    }
    for (const step of job.steps) {
      if (step.run !== undefined && UNTRUSTED_TEXT.test(step.run)) found.push(`${name}: untrusted text in a script`);
      if (step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false) {
        found.push(`${name}: the checkout leaves its token in the folder`);
      }
    }
  }
  return found;
}

/** A missing `permissions` may mean all permissions. */
function readsOnly(permissions: Workflow['permissions']): boolean {
  if (permissions === undefined || typeof permissions === 'string') return permissions === 'read-all';
  return Object.values(permissions).every((right) => right === 'read' || right === 'none');
}

/** Lists every write permission of the jobs, as `job: permission`. */
export function writePermissions({ jobs }: Workflow): string[] {
  return Object.entries(jobs).flatMap(([name, { permissions }]) =>
    typeof permissions === 'object'
      ? Object.entries(permissions)
          .filter(([, right]) => right === 'write')
          .map(([permission]) => `${name}: ${permission}`)
      : [],
  );
}

/** Lists the actions that a workflow uses, each with the version in the comment after it: `[uses, version]`. */
export function pinnedActions(text: string): [uses: string, version: string][] {
  return [...text.matchAll(/^\s*(?:- )?uses:\s*(\S+)(?:\s+#\s*(\S+))?\s*$/gm)].map(([, uses = '', version = '']) => [
    uses,
    version,
  ]);
}
