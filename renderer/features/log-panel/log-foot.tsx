import { useLog, useServices } from '../../state/services.ts';
import { text } from '../../text/text.ts';
import { Button } from '../../ui/button.tsx';

/** Below the list: how many lines it shows, and how many it leaves out because they are technical. */
export function LogFoot() {
  const { settings } = useServices();
  const plain = useLog((state) => state.filter.plain);
  const shown = useLog((state) => state.shown.length);
  const total = useLog((state) => state.total);
  const technical = useLog((state) => state.technical);
  return (
    <footer className="log-foot">
      {plain ? (
        technical > 0 && (
          <>
            <p data-testid="log-hidden">{text.log.hidden({ lines: technical })}</p>
            <Button
              kind="quiet"
              data-testid="log-show-everything"
              onClick={() => void settings.change({ log_detail: 'everything' })}
            >
              {text.log.showEverything}
            </Button>
          </>
        )
      ) : (
        <p data-testid="log-count">{text.log.shownOf({ shown, total })}</p>
      )}
    </footer>
  );
}
