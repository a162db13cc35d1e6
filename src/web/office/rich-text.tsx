// A description as it will look, written in place: bold, italic, lists, links. What is pasted comes as
// plain text. The shop cleans whatever it is given; this field only keeps the writing pleasant.

import { useEffect, useId, useRef } from 'react';

const commands: readonly (readonly [
  command: string,
  label: string,
  sign: string,
  className: string,
])[] = [
  ['bold', 'Bold', 'B', 'font-bold'],
  ['italic', 'Italic', 'I', 'italic font-display'],
  ['insertUnorderedList', 'List', '•', 'text-lg leading-none'],
  ['insertOrderedList', 'Numbered list', '1.', ''],
];

/** `value` is taken up when it comes from elsewhere; while one writes, the field keeps its own text. */
export function RichText({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (html: string) => void;
}) {
  const field = useRef<HTMLDivElement>(null);
  const written = useRef<string | null>(null);
  const id = useId();
  useEffect(() => {
    if (field.current && written.current !== value) {
      // The shop's own sanitised text, or what this field gave out before.
      field.current.innerHTML = value;
      written.current = value;
    }
  }, [value]);
  const give = () => {
    const html =
      field.current?.textContent?.trim() === '' && !field.current.querySelector('img')
        ? ''
        : (field.current?.innerHTML ?? '');
    written.current = html;
    onChange(html);
  };
  // Browsers have no other way to format inside an editable text; it is old, and everywhere.
  const format = (command: string) => {
    field.current?.focus();
    document.execCommand(command);
    give();
  };
  return (
    <div className="grid gap-1.5">
      <span id={id} className="text-sm font-semibold">
        {label}
      </span>
      <div className="rounded-control border border-line bg-card focus-within:border-soft hover:border-soft">
        <div
          role="toolbar"
          aria-label={`Format: ${label}`}
          className="flex gap-0.5 border-b border-line p-1"
        >
          {commands.map(([command, name, sign, className]) => (
            <button
              key={command}
              type="button"
              title={name}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => format(command)}
              className={`grid size-11 place-items-center rounded-xl text-sm hover:bg-sunken ${className}`}
            >
              <span aria-hidden="true">{sign}</span>
              <span className="sr-only">{name}</span>
            </button>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a textarea can't show bold words. */}
        <div
          ref={field}
          role="textbox"
          tabIndex={0}
          aria-multiline="true"
          aria-labelledby={id}
          contentEditable
          suppressContentEditableWarning
          onInput={give}
          onPaste={(event) => {
            event.preventDefault();
            document.execCommand('insertText', false, event.clipboardData.getData('text/plain'));
          }}
          className="prose-rialto max-h-96 min-h-32 overflow-y-auto rounded-b-control px-4 py-3 text-base"
        />
      </div>
    </div>
  );
}
