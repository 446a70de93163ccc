import { useRecordingList } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ImportButton } from './import-button.tsx';
import { ListFailure } from './list-failure.tsx';

/** How many recordings there are, or match. */
export function Count({ shown, filtered }: { shown: number; filtered: boolean }) {
  const loaded = useRecordingList((state) => state.loaded);
  const known = useRecordingList((state) => state.recordings.length);
  const total = useRecordingList((state) => state.total);
  // Until all pages have arrived, the host knows better how many there are.
  const all = loaded === 'all' ? known : Math.max(known, total);
  const found = text.recordings.shownOf({ shown, total: all });
  return (
    <>
      <p className="recordings-count" data-testid="recordings-count">
        {loaded !== 'none' && (filtered ? found : all > 0 && text.recordings.count({ recordings: all }))}
      </p>
      {/* Only what was searched for: a recording that was saved or deleted is announced elsewhere. */}
      <p className="visually-hidden" role="status">
        {loaded !== 'none' && filtered && found}
      </p>
    </>
  );
}

/** Says that a part of the list could not be loaded. */
export function Incomplete() {
  const error = useRecordingList((state) => (state.recordings.length > 0 ? state.error : null));
  if (error === null) return null;
  return (
    <div className="recordings-incomplete">
      <ListFailure error={error} />
    </div>
  );
}

/** Says why the list is empty. */
export function NoRows({ onShowAll, onImport }: { onShowAll: () => void; onImport: (files: File[]) => void }) {
  const loaded = useRecordingList((state) => state.loaded);
  const error = useRecordingList((state) => state.error);
  const known = useRecordingList((state) => state.recordings.length);
  if (error !== null) {
    return (
      <div className="recordings-empty">
        <ListFailure error={error} />
      </div>
    );
  }
  if (known > 0) {
    return (
      <div className="recordings-empty">
        <p>{text.recordings.noMatch}</p>
        <Button onClick={onShowAll}>{text.recordings.showAll}</Button>
      </div>
    );
  }
  if (loaded !== 'all') return <p className="recordings-empty">{text.common.loading}</p>;
  return (
    <div className="recordings-empty" data-testid="recordings-empty">
      <Icon name="list" size={40} />
      <p className="recordings-empty-title">{text.recordings.empty}</p>
      <p>{text.recordings.emptyHint}</p>
      <ImportButton place="empty-list" onImport={onImport} />
    </div>
  );
}
