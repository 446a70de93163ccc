// Runs in the page before its own scripts, in Earshot's and in the other: both press and listen in the same way.
// `window.nextPress()` resolves when the next press has led to a frame of audio on its way to the server and to
// listening, with the times in ms since the pointer was pressed.
(() => {
  let pressedAt = 0;
  let times = {};
  let done = () => {};

  function note(step) {
    times[step] ??= performance.now() - pressedAt;
    if (times.firstFrame !== undefined && times.listening !== undefined) done(times);
  }

  window.WebSocket = class extends WebSocket {
    send(data) {
      super.send(data);
      if (typeof data !== 'string') note('firstFrame');
    }
  };
  window.nextPress = () =>
    new Promise((resolve) => {
      times = {};
      done = resolve;
      const onPress = ({ timeStamp }) => {
        pressedAt = timeStamp;
      };
      // The page may stop events in the bubbling phase.
      window.addEventListener('pointerdown', onPress, { capture: true, once: true });
    });
  const lookForListening = () => {
    if (document.querySelector('[data-view="listening"]')) note('listening');
  };
  document.addEventListener('DOMContentLoaded', () => {
    const observer = new MutationObserver(lookForListening);
    observer.observe(document.documentElement, { subtree: true, childList: true, attributeFilter: ['data-view'] });
  });
})();
