import { useMemo } from 'react';
import { useLog, useServices, useSessions } from '../../state/services.ts';
import type { SessionSummary } from '../../state/session-index.ts';
import { formatSecond } from '../../text/format.ts';
import { text } from '../../text/text.ts';

/** Most sessions in the list. Older ones are found by their tags, or by `session:` in the search. */
const MAX_LISTED = 200;

/** Chooses one session, or one press or connection that led to none. The newest ones come first. */
export function SessionFilter() {
  const { log, sessions } = useServices();
  const chosen = useLog(({ filter }) => filter.session);
  const key = useSessions((all) => (chosen === null ? null : (all.resolve(chosen) ?? chosen)));
  const revision = useSessions((all) => all.getState().revision);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the list is another one after each revision
  const listed = useMemo(() => sessions.list().slice(0, MAX_LISTED), [sessions, revision]);
  return (
    <select
      className="input select"
      aria-label={text.log.sessionFilter}
      data-testid="log-session-filter"
      value={key ?? ''}
      onChange={(event) => log.setFilter({ session: event.target.value || null })}
    >
      <option value="">{text.log.allSessions}</option>
      {key !== null && !listed.some((each) => each.key === key) && <option value={key}>{key}</option>}
      {listed.map((each) => (
        <option key={each.key} value={each.key}>
          {nameOf(each)}
        </option>
      ))}
    </select>
  );
}

/** `19:41:05 · 1a2b`, or what it is instead of a session. */
function nameOf({ kind, tag, startedAt }: SessionSummary): string {
  return `${formatSecond(startedAt)} · ${kind === 'session' ? tag : text.sessionView[kind]}`;
}
