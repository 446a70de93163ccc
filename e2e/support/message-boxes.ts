import type { ElectronApplication } from '@playwright/test';

/** Message boxes of the main process, which are recorded instead of shown. */
interface MessageBoxes {
  /** The messages, oldest first. */
  messages(): Promise<string[]>;
  /** Presses a button of the most recent box. */
  press(button: string): Promise<void>;
}

interface Intercepted {
  messages: string[];
  press(button: string): void;
}

/** Replaces `dialog.showMessageBox`: from now on each call waits until the test presses a button. */
export async function interceptMessageBoxes(electron: ElectronApplication): Promise<MessageBoxes> {
  const boxes = await electron.evaluateHandle(({ dialog }) => {
    const intercepted: Intercepted = { messages: [], press: () => undefined };
    dialog.showMessageBox = ((...args: unknown[]) => {
      const { message, buttons } = args.at(-1) as { message: string; buttons: string[] };
      intercepted.messages.push(message);
      return new Promise((resolve) => {
        intercepted.press = (button) => resolve({ response: buttons.indexOf(button), checkboxChecked: false });
      });
    }) as typeof dialog.showMessageBox;
    return intercepted;
  });
  return {
    messages: () => boxes.evaluate(({ messages }) => messages),
    press: (button) => boxes.evaluate((intercepted, button) => intercepted.press(button), button),
  };
}
