// The light build of hls.js has the same words without words of its own.
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
