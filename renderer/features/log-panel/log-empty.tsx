import { NO_CHOICES } from '../../state/log-filter.ts';
import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';

/** Says why the list is empty, and what shows lines again. */
export function Empty() {
  const { log, settings } = useServices();
  const isEmpty = useLog((state) => state.shown.length === 0 && !state.filtering);
  const isFile = useLog((state) => state.file !== null);
  const total = useLog((state) => state.total);
  const technical = useLog((state) => state.technical);
  const cleared = useLog((state) => state.cleared);
  if (!isEmpty) return null;
  if (technical > 0) {
    return (
      <div className="log-empty">
        <p>{text.log.onlyTechnical}</p>
        <Button onClick={() => void settings.change({ log_detail: 'everything' })}>{text.log.showEverything}</Button>
      </div>
    );
  }
  if (total > 0) {
    return (
      <div className="log-empty">
        <p>{text.log.noMatch}</p>
        <Button onClick={() => log.setFilter(NO_CHOICES)}>{text.log.showAll}</Button>
      </div>
    );
  }
  return (
    <div className="log-empty">
      <p>{isFile ? text.log.emptyFile : cleared ? text.log.cleared : text.log.empty}</p>
    </div>
  );
}
