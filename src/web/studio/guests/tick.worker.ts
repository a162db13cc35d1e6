// A clock for drawing: timers of a page slow down when its tab is hidden, those of a worker don't. Each tick is asked for,
// by how long until it, so that ticks never queue up before a page that can't keep up.

addEventListener('message', ({ data }: MessageEvent<number>) => {
  setTimeout(() => postMessage(0), data);
});
