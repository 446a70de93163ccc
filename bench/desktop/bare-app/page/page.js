// Captures and sends, and nothing else: getUserMedia, an audio worklet with frames of 20 ms at 16 kHz, a socket. As in
// Earshot, a press opens microphone and socket at the same time, and the page listens once sound has arrived and the
// server has said so.
const button = document.querySelector('button');
let context = null;
let stop = null;

async function start() {
  button.dataset.view = 'connecting';
  const socket = new WebSocket(location.href.replace(/^http/, 'ws'));
  const opened = new Promise((resolve) => {
    socket.onopen = resolve;
  });
  socket.onmessage = ({ data }) => {
    if (data === 'listening') button.dataset.view = 'listening';
  };
  const audio = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  const stream = await navigator.mediaDevices.getUserMedia({ audio });
  if (context === null) {
    context = new AudioContext({ sampleRate: 16_000 });
    await context.audioWorklet.addModule('worklet.js');
  }
  const source = context.createMediaStreamSource(stream);
  const node = new AudioWorkletNode(context, 'frames', { numberOfOutputs: 0, channelCount: 1 });
  source.connect(node);
  await opened;
  let started = false;
  node.port.onmessage = ({ data }) => {
    if (!started) socket.send('start');
    started = true;
    socket.send(data);
  };
  stop = () => {
    source.disconnect();
    for (const track of stream.getTracks()) track.stop();
    socket.close();
    stop = null;
    button.dataset.view = 'idle';
  };
}

button.addEventListener('pointerdown', () => (stop === null ? void start() : stop()));
if (new URLSearchParams(location.search).has('start')) void start();
