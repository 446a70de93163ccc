import { useEffect } from 'react';
import type { Health } from '../../../shared/health.ts';
import { useHealth, useServices } from '../../state/services.ts';
import { formatShare } from '../../text/format.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure, Warning } from '../../ui/notice.tsx';
import './health-dialog.css';
import { text } from '../../text/text.ts';
import { warningText, windowText } from './health-text.ts';
import { HealthTimes } from './health-times.tsx';
import { HealthTotals } from './health-totals.tsx';
import { Histogram } from './histogram.tsx';

/** Figures about the connections, updated while the dialog is open. */
export function HealthDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog title={text.health.title} open={open} onClose={onClose}>
      <Body />
    </Dialog>
  );
}

/** Mounted while the dialog is open. The host makes some measurements only while a window asks for them. */
function Body() {
  const store = useServices().health;
  const { health, error } = useHealth((state) => state);
  useEffect(() => store.watch(), [store]);
  return (
    <div className="health" data-testid="health-figures">
      {error !== null && <Failure sentence={error} onRetry={store.load} />}
      {health === null && error === null && <p className="health-empty">{text.common.loading}</p>}
      {health !== null && <Figures health={health} />}
    </div>
  );
}

function Figures({ health }: { health: Health }) {
  const { recent, totals, warning } = health;
  const isEmpty = totals.attempts === 0 && totals.refused === 0;
  return (
    <>
      {warning && <Warning sentence={warningText()} data-testid="health-warning" />}
      {recent.connections === 0 ? (
        <p className="health-empty">{text.health.empty}</p>
      ) : (
        <Recent recent={recent} warning={warning} />
      )}
      {!isEmpty && (
        <>
          <HealthTimes health={health} />
          <HealthTotals health={health} />
        </>
      )}
    </>
  );
}

function Recent({ recent, warning }: Pick<Health, 'recent' | 'warning'>) {
  return (
    <section className="health-recent" aria-labelledby="health-recent">
      <h3 id="health-recent">{windowText(recent)}</h3>
      <dl className="health-rates">
        <Rate name={text.health.succeeded} share={recent.success_rate} />
        <Rate name={text.health.retried} share={recent.retry_rate} warning={warning} />
      </dl>
      <Histogram histogram={recent.histogram} />
    </section>
  );
}

function Rate({ name, share, warning = false }: { name: string; share: number | null; warning?: boolean }) {
  return (
    <div data-warning={warning}>
      <dt>{name}</dt>
      <dd>{share === null ? text.common.none : formatShare(share)}</dd>
    </div>
  );
}
