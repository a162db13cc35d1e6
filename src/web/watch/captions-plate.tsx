// Captions over the picture: a dark plate, two lines of large letters. Above the host's label on a phone and above the
// buttons on a desk, so that it covers neither chat, card nor label. Who listens hears the show itself: it isn't announced.

export type PlateLine = {
  readonly key: number;
  readonly text: string;
  /** BCP 47; `und` where nobody knows it. */
  readonly language: string;
};

export function CaptionsPlate({ lines }: { lines: readonly PlateLine[] }) {
  if (lines.length === 0) return null;
  return (
    <div
      data-captions
      aria-live="off"
      className="pointer-events-none z-2 grid justify-items-center self-end px-3.5 pb-11 [grid-area:gap] lg:px-9 lg:pb-24 lg:[grid-area:picture]"
    >
      <div className="grid max-w-full animate-appear justify-items-center rounded-control bg-black/80 px-3 py-1.5 lg:max-w-3xl lg:px-4">
        {lines.map(({ key, text, language }) => (
          <p
            key={key}
            lang={language === 'und' ? '' : language}
            dir="auto"
            className="line-clamp-3 text-center text-lg leading-snug font-medium text-balance wrap-anywhere text-white lg:text-2xl lg:leading-snug"
          >
            {text}
          </p>
        ))}
      </div>
    </div>
  );
}
