import type { ElectronApplication } from '@playwright/test';

/** The message boxes of the main process, which no test can press. */
interface Questions {
  /** Their messages, oldest first. */
  asked(): Promise<string[]>;
  /** Presses this button of the last one. */
  press(button: string): Promise<void>;
}

interface HeldBoxes {
  asked: string[];
  press(button: string): void;
}

/** From now on message boxes are not shown: they wait until the test answers them. */
export async function holdQuestions(electron: ElectronApplication): Promise<Questions> {
  const boxes = await electron.evaluateHandle(({ dialog }) => {
    const held: HeldBoxes = { asked: [], press: () => undefined };
    dialog.showMessageBox = ((...args: unknown[]) => {
      const { message, buttons } = args.at(-1) as { message: string; buttons: string[] };
      held.asked.push(message);
      return new Promise((resolve) => {
        held.press = (button) => resolve({ response: buttons.indexOf(button), checkboxChecked: false });
      });
    }) as typeof dialog.showMessageBox;
    return held;
  });
  return {
    asked: () => boxes.evaluate(({ asked }) => asked),
    press: (button) => boxes.evaluate((held, button) => held.press(button), button),
  };
}
