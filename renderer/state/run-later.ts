/** Runs `work` in a task of its own, so that the window can draw and take input before. @returns cancels it */
export type RunLater = (work: () => void) => () => void;

/** By a message, because a timer would wait for 4 ms each time. */
export const runLater: RunLater = (work) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    work();
  };
  port2.postMessage(null);
  return () => port1.close();
};
