// The sheet on which a sale's terms are set: what it will do, in words, and the one button, which Ctrl ↵ presses from
// anywhere in it. An offer, a lot and a drop have their own fields in it.

import type { ReactNode } from 'react';
import { Button } from '../design/button.tsx';
import { Sheet } from '../design/dialog.tsx';
import { SelectField } from '../design/field.tsx';
import { Key } from './key.tsx';

export function TermsSheet({
  kind,
  title,
  summary,
  action,
  busy,
  onSubmit,
  onClose,
  children,
}: {
  /** What is sold in this way: `Lot`. */
  kind: string;
  title: string;
  /** What pressing will do, or what is to be known before. */
  summary: ReactNode;
  /** On the button. */
  action: string;
  busy: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Sheet
      open
      wide
      theme="night"
      onClose={onClose}
      eyebrow={kind}
      title={title}
      footer={
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm text-soft">{summary}</p>
          <Button
            look="strong"
            size="large"
            busy={busy}
            onClick={onSubmit}
            className="max-sm:w-full"
          >
            {action} <Key>Ctrl ↵</Key>
          </Button>
        </div>
      }
    >
      <form
        className="grid gap-5 pt-1"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSubmit();
        }}
      >
        {children}
      </form>
    </Sheet>
  );
}

type OnShelf = { readonly productId: string; readonly title: string };

/** Which product of the shelf it is about. */
export function ShelfField<Item extends OnShelf>({
  shelf,
  productId,
  titleOf = ({ title }) => title,
  onChoose,
}: {
  shelf: readonly Item[];
  productId: string;
  titleOf?: (item: Item) => string;
  onChoose: (item: Item) => void;
}) {
  return (
    <SelectField
      label="Product from the shelf"
      value={productId}
      onChange={(event) => {
        const item = shelf.find((one) => one.productId === event.target.value);
        if (item) onChoose(item);
      }}
    >
      {shelf.map((item) => (
        <option key={item.productId} value={item.productId}>
          {titleOf(item)}
        </option>
      ))}
    </SelectField>
  );
}
