import type { ElectronApplication } from '@playwright/test';

/** The message boxes of the main process, which no test can press. */
interface MessageBoxes {
  /** Their messages, oldest first. */
  messages(): Promise<string[]>;
  /** Presses this button of the last one. */
  press(button: string): Promise<void>;
}

interface Intercepted {
  messages: string[];
  press(button: string): void;
}

/** From now on message boxes are not shown: they wait until the test answers them. */
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
