// Hearts that rise on a canvas. Drawing stops when nothing moves and never shows more than a few dozen, whatever the
// room does. Loaded after the page, since nobody misses it before.

type Heart = {
  readonly bornAt: number;
  readonly x: number;
  readonly sway: number;
  readonly hue: string;
  readonly size: number;
};

const heartsMax = 36;
const lifeMs = 2_200;
const hues = ['#e2402a', '#ff8a73', '#f0b947', '#faf6ef'];
const heartPath = 'M0 7C-9-1-9-9-4-9-1.5-9 0-7 0-6 0-7 1.5-9 4-9 9-9 9-1 0 7Z';

export type Flight = { readonly rise: (count: number) => void; readonly stop: () => void };

/** Draws on `canvas`; nothing for whoever asked for less motion. */
export const createFlight = (canvas: HTMLCanvasElement) => {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const context = canvas.getContext('2d');
  const path = new Path2D(heartPath);
  const scale = Math.min(2, devicePixelRatio);
  let hearts: readonly Heart[] = [];
  let frame = 0;

  const draw = (now: number) => {
    if (!context) return;
    hearts = hearts.filter(({ bornAt }) => now - bornAt < lifeMs);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const height = canvas.height / scale;
    for (const { bornAt, x, sway, hue, size } of hearts) {
      const age = Math.max(0, (now - bornAt) / lifeMs);
      const grown = size * Math.min(1, age * 6);
      const y = height - 14 - age * (height - 30);
      const at = x + Math.sin(age * 6 + sway) * 12;
      context.setTransform(scale * grown, 0, 0, scale * grown, at * scale, y * scale);
      context.globalAlpha = age < 0.6 ? 0.95 : 0.95 * (1 - (age - 0.6) / 0.4);
      context.fillStyle = hue;
      context.fill(path);
    }
    context.globalAlpha = 1;
    frame = hearts.length > 0 ? requestAnimationFrame(draw) : 0;
  };

  return {
    rise(count: number) {
      if (still.matches || document.hidden) return;
      if (frame === 0) {
        canvas.width = canvas.clientWidth * scale;
        canvas.height = canvas.clientHeight * scale;
      }
      const now = performance.now();
      const born = Array.from(
        { length: count },
        (_, index): Heart => ({
          bornAt: now + index * 90,
          x: canvas.clientWidth / 2 + (Math.random() - 0.5) * 20,
          sway: Math.random() * 6,
          hue: hues[Math.floor(Math.random() * hues.length)] ?? '#e2402a',
          size: 0.9 + Math.random() * 0.7,
        }),
      );
      hearts = [...hearts, ...born].slice(-heartsMax);
      if (frame === 0) frame = requestAnimationFrame(draw);
    },
    stop: () => cancelAnimationFrame(frame),
  };
};
