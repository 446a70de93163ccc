import { useEffect, useId, useState } from 'react';
import type { RetentionPreview } from '../../../shared/recording-library.ts';
import { RetentionPolicy } from '../../../shared/retention.ts';
import { useServices, useSettings } from '../../state/services.ts';
import { dates } from '../../text/dates.ts';
import { formatBytes, formatLength } from '../../text/format.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import './retention-field.css';

const POLICIES = RetentionPolicy.shape.retention.options;
type LimitedPolicy = 'days' | 'number' | 'size';
/** The setting that holds the amount of a policy. */
const AMOUNTS = {
  days: 'retention_days',
  number: 'retention_number',
  size: 'retention_mb',
} as const satisfies Record<LimitedPolicy, keyof RetentionPolicy>;
/** How long (ms) to wait for the next digit before the host is asked. */
const PREVIEW_DELAY_MS = 250;

const isLimited = (policy: RetentionPolicy['retention']): policy is LimitedPolicy => policy in AMOUNTS;

/** What the host would delete: `null` while it is asked. */
type Preview = { key: string; result: RetentionPreview | 'failed' } | null;

/**
 * Which recordings are kept. A change is not saved at once: what it deletes is said before, next to the button that
 * saves it.
 */
export function RetentionField() {
  const { settings, previewRetention } = useServices();
  const all = useSettings((state) => state.settings);
  const saved: RetentionPolicy = {
    retention: all.retention,
    retention_days: all.retention_days,
    retention_number: all.retention_number,
    retention_mb: all.retention_mb,
  };
  /** The policy being chosen; null: the saved one. */
  const [draft, setDraft] = useState<RetentionPolicy | null>(null);
  const [preview, setPreview] = useState<Preview>(null);
  const id = useId();
  const shown = draft ?? saved;
  const amount = isLimited(shown.retention) ? AMOUNTS[shown.retention] : null;
  const valid = RetentionPolicy.safeParse(shown).success;
  const key = JSON.stringify(shown);
  const changed = draft !== null && isOtherPolicy(draft, saved);

  useEffect(() => {
    if (!changed || !valid) return;
    const policy = RetentionPolicy.parse(JSON.parse(key));
    let stale = false;
    const timer = setTimeout(async () => {
      const result = await previewRetention(policy).catch(() => 'failed' as const);
      if (!stale) setPreview({ key, result });
    }, PREVIEW_DELAY_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [changed, valid, key, previewRetention]);

  const current = preview?.key === key ? preview.result : null;
  const deletes = current !== null && current !== 'failed' ? current.recordings : 0;

  function save(): void {
    void settings.change(shown);
    setDraft(null);
  }

  return (
    <fieldset className="field retention" data-testid="retention">
      <legend>{text.settings.retention.label}</legend>
      <select
        className="input select"
        aria-label={text.settings.retention.label}
        aria-describedby={`${id}-hint`}
        data-testid="retention-policy"
        value={shown.retention}
        onChange={(event) => setDraft({ ...shown, retention: event.target.value as RetentionPolicy['retention'] })}
      >
        {POLICIES.map((policy) => (
          <option key={policy} value={policy}>
            {text.settings.retention.policy[policy]}
          </option>
        ))}
      </select>
      {amount !== null && isLimited(shown.retention) && (
        <input
          className="input"
          type="number"
          inputMode="numeric"
          data-testid="retention-amount"
          aria-label={text.settings.retention.amount[shown.retention]}
          title={text.settings.retention.amount[shown.retention]}
          aria-invalid={!valid}
          value={Number.isNaN(shown[amount]) ? '' : shown[amount]}
          onChange={(event) => setDraft({ ...shown, [amount]: event.target.valueAsNumber })}
        />
      )}
      <p id={`${id}-hint`} className={valid ? 'field-hint' : 'field-error'}>
        {hintOf(shown.retention, valid)}
      </p>
      {changed && valid && (
        <div className="retention-change" data-testid="retention-change">
          <p role="status">{previewText(current)}</p>
          <div className="retention-buttons">
            <Button onClick={() => setDraft(null)}>{text.settings.retention.cancel}</Button>
            <Button
              kind="primary"
              data-testid="retention-save"
              disabled={current === null || current === 'failed'}
              onClick={save}
            >
              {deletes > 0
                ? text.settings.retention.saveAndDelete({ recordings: deletes })
                : text.settings.retention.save}
            </Button>
          </div>
        </div>
      )}
    </fieldset>
  );
}

/** Whether the policies differ in a value that counts. */
function isOtherPolicy(a: RetentionPolicy, b: RetentionPolicy): boolean {
  if (a.retention !== b.retention) return true;
  return isLimited(a.retention) && a[AMOUNTS[a.retention]] !== b[AMOUNTS[a.retention]];
}

function hintOf(policy: RetentionPolicy['retention'], valid: boolean): string {
  if (!isLimited(policy)) return text.settings.retention.hint[policy];
  if (valid) return text.settings.retention.amountHint[policy];
  const { minValue, maxValue } = RetentionPolicy.shape[AMOUNTS[policy]];
  return text.settings.retention.outOfRange({ min: minValue ?? 0, max: maxValue ?? 0 });
}

/** What saving the policy deletes. */
function previewText(preview: RetentionPreview | 'failed' | null): string {
  if (preview === null) return text.settings.retention.checking;
  if (preview === 'failed') return text.settings.retention.previewFailed;
  const { recordings, duration_s, bytes, oldest, newest } = preview;
  if (recordings === 0) return text.settings.retention.deletesNothing;
  const deletes = text.settings.retention.deletes({
    recordings,
    length: formatLength(duration_s),
    size: formatBytes(bytes),
  });
  if (oldest === null || newest === null || recordings === 1) return deletes;
  const day = (time: string) => dates.short(new Date(time), new Date());
  return `${deletes} ${text.settings.retention.fromTo({ oldest: day(oldest), newest: day(newest) })}`;
}
