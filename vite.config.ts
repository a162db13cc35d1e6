// How the web app is built: two pages with an entry each. `watch.html` is what the crowd loads and stays
// small; `crew.html` is the studio and the office. Nothing of one may end up in the bundle of the other,
// which is why they share modules and never an entry.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const page = (name: string) => `${import.meta.dirname}/src/web/${name}.html`;

/** Modules of a few lines that the crowd's page and the crew's share. */
const smallParts =
  /src\/(base\/(assert|ports|crowd-limits|money)|protocol\/picture-url|web\/design\/(badge|classes|clock|icons|money|button|toast)|web\/live\/(http-client|back-off|server-clock|use-live)|web\/buy\/set-words)\.tsx?$/;

/** Text is compressed once, here, and sent as it lies: nothing is compressed for a request. */
const compressed = (): Plugin => ({
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }) {
    const folder = join(dir ?? '', 'assets');
    for (const file of readdirSync(folder)) {
      if (!/\.(js|css|svg)$/.test(file)) continue;
      const text = readFileSync(join(folder, file));
      writeFileSync(join(folder, `${file}.br`), brotliCompressSync(text));
      writeFileSync(join(folder, `${file}.gz`), gzipSync(text, { level: 9 }));
    }
  },
});

export default defineConfig({
  root: `${import.meta.dirname}/src/web`,
  cacheDir: `${import.meta.dirname}/node_modules/.vite`,
  publicDir: false,
  plugins: [react(), tailwindcss(), compressed()],
  build: {
    outDir: `${import.meta.dirname}/dist/web`,
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // The fonts and pictures are files that a browser keeps, never text inside the stylesheet.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        watch: page('watch'),
        crew: page('crew'),
        'push-worker': join(import.meta.dirname, 'src/web/remind/push-worker.ts'),
      },
      output: {
        // Small things that every page draws with travel together: each file alone costs its own wrapping.
        codeSplitting: { groups: [{ name: 'small', test: smallParts }] },
        // A browser's worker keeps its address: it is looked for there again and again.
        entryFileNames: ({ name }) =>
          name === 'push-worker' ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
});
