import type { Unsubscribe } from '../../shared/bridge.ts';
import type { TalkState } from '../../shared/desktop.ts';
import { text } from '../text/text.ts';
import pausedIcon from '../ui/mark-paused.svg';
import recordingIcon from '../ui/mark-recording.svg';
import { talkState } from './talk-state.ts';
import type { VoiceStore } from './voice-store.ts';

/** The parts of a document that this changes. */
type Page = Pick<Document, 'title' | 'querySelector'>;

export interface TitleAndIcon {
  /** Writes the title again, after a change of the language. */
  update(): void;
  /** Puts both back. */
  dispose: Unsubscribe;
}

/**
 * Shows in the title and in the icon of the page what its turn does. The desktop app shows the title in the window's
 * frame and in the task bar, a browser shows both on the tab.
 */
export function followTitleAndIcon(voice: VoiceStore, page: Page): TitleAndIcon {
  const link = page.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const own = link?.getAttribute('href') ?? '';
  let shown: TalkState = 'off';
  function show(talk: TalkState): void {
    shown = talk;
    page.title = titleOf(talk);
    link?.setAttribute('href', iconOf(talk) ?? own);
  }
  const unsubscribe = voice.subscribe((state) => {
    const talk = talkState(state);
    if (talk !== shown) show(talk);
  });
  return {
    update: () => show(shown),
    dispose() {
      unsubscribe();
      show('off');
    },
  };
}

/** The title of a window whose turn does this. Pure. */
function titleOf(talk: TalkState): string {
  const app = text.app.name;
  return talk === 'off' || talk === 'waiting' ? app : text.windowTitle[talk]({ app });
}

/** Null: Earshot's own icon. */
function iconOf(talk: TalkState): string | null {
  if (talk === 'off' || talk === 'waiting') return null;
  return talk === 'paused' || talk === 'muted' ? pausedIcon : recordingIcon;
}
