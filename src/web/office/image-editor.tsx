// The pictures of a product: added at once, then ordered, described and taken away with the save. The
// first one stands for the product everywhere. Order changes by keys or buttons, on every device.

import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Product } from '../../protocol/catalogue.ts';
import { PictureIcon, TrashIcon } from '../crew/icons.tsx';
import { ProblemNote } from '../crew/problem-note.tsx';
import { ask } from '../crew/shop-data.ts';
import { IconButton, Spinner } from '../design/button.tsx';
import { classes } from '../design/classes.ts';
import { BackIcon, ForwardIcon } from '../design/icons.tsx';
import { pictureKinds, wrongPicture } from './picture-files.ts';
import { moved } from './plan-form.ts';
import type { ImageRow } from './product-form.ts';
import { ProductPicture } from './product-picture.tsx';

export function ImageEditor({
  productId,
  images,
  onChange,
  onAdded,
}: {
  productId: string | null;
  images: readonly ImageRow[];
  onChange: (images: readonly ImageRow[]) => void;
  onAdded: (product: Product) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const upload = useMutation({
    mutationFn: async (files: readonly File[]) => {
      for (const file of files) onAdded(await ask.addImage(productId ?? '', file, ''));
    },
  });
  const add = (files: FileList | null) => {
    const list = [...(files ?? [])];
    setRefused(list.map(wrongPicture).find((why) => why !== null) ?? null);
    const good = list.filter((file) => wrongPicture(file) === null);
    if (good.length > 0) upload.mutate(good);
  };

  if (productId === null) {
    return (
      <p className="rounded-card border border-dashed border-line px-5 py-6 text-sm text-soft">
        Add the product first, then its pictures.
      </p>
    );
  }
  return (
    <div className="grid gap-3">
      {images.length > 0 ? (
        <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4">
          {images.map((image, index) => (
            <li
              key={image.id}
              className="grid grid-cols-[minmax(0,1fr)] content-start gap-1.5 overflow-hidden rounded-card border border-line bg-card p-2"
            >
              <div className="relative">
                <ProductPicture
                  url={image.url}
                  title={image.alt || `Picture ${index + 1}`}
                  className="aspect-square w-full text-2xl"
                />
                {index === 0 ? (
                  <span className="absolute top-2 left-2 rounded-chip bg-ink/75 px-2.5 py-1 text-2xs font-semibold text-white">
                    First
                  </span>
                ) : null}
              </div>
              <input
                aria-label={`What picture ${index + 1} shows`}
                placeholder="What it shows"
                value={image.alt}
                onChange={(event) =>
                  onChange(
                    images.map((one) =>
                      one.id === image.id ? { ...one, alt: event.target.value } : one,
                    ),
                  )
                }
                className="h-11 rounded-xl border border-transparent px-2 text-sm placeholder:text-soft hover:border-line"
              />
              <div className="flex justify-between">
                <span className="flex">
                  <IconButton
                    label={`Picture ${index + 1} earlier`}
                    disabled={index === 0}
                    onClick={() => onChange(moved(images, index, index - 1))}
                  >
                    <BackIcon />
                  </IconButton>
                  <IconButton
                    label={`Picture ${index + 1} later`}
                    disabled={index === images.length - 1}
                    onClick={() => onChange(moved(images, index, index + 1))}
                  >
                    <ForwardIcon />
                  </IconButton>
                </span>
                <IconButton
                  label={`Take picture ${index + 1} away`}
                  onClick={() => onChange(images.filter(({ id }) => id !== image.id))}
                >
                  <TrashIcon />
                </IconButton>
              </div>
            </li>
          ))}
        </ul>
      ) : null}
      <button
        type="button"
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          add(event.dataTransfer.files);
        }}
        className={classes(
          'grid min-h-28 place-content-center justify-items-center gap-2 rounded-card border border-dashed px-5 text-sm',
          over
            ? 'border-accent bg-accent-mist'
            : 'border-line text-soft hover:border-soft hover:text-text',
        )}
      >
        {upload.isPending ? <Spinner className="size-6" /> : <PictureIcon className="size-6" />}
        {upload.isPending ? 'Taking in the picture …' : 'Drop pictures here, or choose them'}
      </button>
      <input
        ref={input}
        type="file"
        accept={pictureKinds}
        multiple
        hidden
        onChange={(event) => {
          add(event.target.files);
          event.target.value = '';
        }}
      />
      {refused ? (
        <p role="alert" className="text-sm font-semibold text-urgent">
          {refused}
        </p>
      ) : null}
      <ProblemNote error={upload.error} />
    </div>
  );
}
