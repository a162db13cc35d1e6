// A product: what it is called, what it costs, how many there are, how it looks, where it comes from. A
// save that meets somebody else's change keeps everything that was typed and asks which one stays.

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import type { Product, ProductStatus } from '../../protocol/catalogue.ts';
import { LoadFailure, ProblemNote } from '../crew/problem-note.tsx';
import { ask, productQuery, shopQuery } from '../crew/shop-data.ts';
import { Button } from '../design/button.tsx';
import { Skeleton } from '../design/empty-state.tsx';
import { Field, SelectField, TextField } from '../design/field.tsx';
import { toast } from '../design/toast.tsx';
import { newId, ProblemError } from '../live/http-client.ts';
import { CommissionPart } from './commission-part.tsx';
import { ImageEditor } from './image-editor.tsx';
import { PageHead } from './page-head.tsx';
import {
  type CardForm,
  imagesChanged,
  newProduct,
  type ProductForm,
  productBody,
  productChanged,
  productForm,
  productProblems,
  stockCounts,
} from './product-form.ts';
import { ProvenanceCard } from './provenance-card.tsx';
import { RichText } from './rich-text.tsx';
import { VariantEditor } from './variant-editor.tsx';

export function NewProductPage() {
  const shop = useQuery(shopQuery);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [start] = useState(() => newProduct(newId()));
  const [key] = useState(newId);
  const currency = shop.data?.currency ?? 'EUR';
  const add = useMutation({
    mutationFn: async (form: ProductForm) => {
      const saved = await ask.addProduct(productBody(form, currency), key);
      for (const { variantId, onHand } of stockCounts(start, form, saved))
        await ask.countStock(variantId, onHand);
      return saved;
    },
    onSuccess: async (saved) => {
      await cache.invalidateQueries({ queryKey: ['products'] });
      toast(`“${saved.title}” is in the catalogue`, { look: 'good' });
      await navigate({
        to: '/office/catalogue/$product',
        params: { product: saved.id },
        replace: true,
      });
    },
  });
  return (
    <>
      <PageHead title="New product" back={{ to: '/office/catalogue', name: 'Catalogue' }} />
      <Editor
        start={start}
        currency={currency}
        product={null}
        saving={add.isPending}
        error={add.error}
        onSave={(form) => add.mutate(form)}
      />
    </>
  );
}

export function ProductPage({ productId }: { productId: string }) {
  const product = useQuery({ ...productQuery(productId), refetchOnWindowFocus: false });
  if (product.isError && !product.data) {
    return (
      <>
        <PageHead title="Product" back={{ to: '/office/catalogue', name: 'Catalogue' }} />
        <LoadFailure error={product.error} onRetry={() => void product.refetch()} />
      </>
    );
  }
  if (!product.data) {
    return (
      <div className="grid gap-4" aria-busy="true">
        <Skeleton className="h-14 w-2/3" />
        <Skeleton className="h-48 rounded-card" />
        <Skeleton className="h-72 rounded-card" />
      </div>
    );
  }
  return <KnownProduct key={product.data.id} product={product.data} />;
}

function KnownProduct({ product: loaded }: { product: Product }) {
  const cache = useQueryClient();
  const [product, setProduct] = useState(loaded);
  /** Rises when the form must begin anew with what the shop has. */
  const [round, setRound] = useState(0);
  const currency = product.variants[0]?.price.currency ?? 'EUR';
  const [start, setStart] = useState(() => productForm(loaded));

  const take = (next: Product) => {
    setProduct(next);
    cache.setQueryData(productQuery(next.id).queryKey, next);
  };
  const begin = (next: Product) => {
    take(next);
    setStart(productForm(next));
    setRound((count) => count + 1);
  };

  const save = useMutation({
    mutationFn: async ({ form, version }: { form: ProductForm; version: number }) => {
      let saved = product;
      if (productChanged(start, form, currency)) {
        saved = await ask.editProduct(product.id, version, productBody(form, currency));
        take(saved);
      } else saved = { ...saved, version };
      if (imagesChanged(start, form)) {
        saved = await ask.arrangeImages(
          product.id,
          saved.version,
          form.images.map(({ id, alt }) => ({ id, alt })),
        );
        take(saved);
      }
      for (const { variantId, onHand } of stockCounts(start, form, saved))
        await ask.countStock(variantId, onHand);
      return ask.product(product.id);
    },
    onSuccess: (fresh) => {
      begin(fresh);
      void cache.invalidateQueries({ queryKey: ['products', 'list'] });
      toast('Saved', { look: 'good' });
    },
  });
  const conflict =
    save.error instanceof ProblemError && save.error.problem.code === 'product-changed';

  return (
    <>
      <PageHead
        title={product.title}
        back={{ to: '/office/catalogue', name: 'Catalogue' }}
        note={product.vendor ? `${product.vendor} · ${product.handle}` : product.handle}
      />
      <Editor
        key={round}
        start={start}
        currency={currency}
        product={product}
        saving={save.isPending}
        error={conflict ? null : save.error}
        onSave={(form) => save.mutate({ form, version: product.version })}
        onImages={take}
        conflict={
          conflict
            ? (form) => (
                <div
                  role="alert"
                  className="grid gap-3 rounded-control bg-ritual-mist px-4 py-3.5 text-sm"
                >
                  <p>
                    <b className="text-ritual">Somebody else changed this product meanwhile.</b>{' '}
                    Everything that you typed is still here.
                  </p>
                  <div className="flex flex-wrap gap-2">
                    <Button
                      look="strong"
                      onClick={async () => {
                        const theirs = await ask.product(product.id);
                        take(theirs);
                        save.mutate({ form, version: theirs.version });
                      }}
                    >
                      Keep mine
                    </Button>
                    <Button
                      onClick={async () => {
                        begin(await ask.product(product.id));
                        save.reset();
                      }}
                    >
                      Take theirs
                    </Button>
                  </div>
                </div>
              )
            : null
        }
      />
      <div className="mt-12 xl:mr-90">
        <CommissionPart productId={product.id} />
      </div>
    </>
  );
}

function Editor({
  start,
  currency,
  product,
  saving,
  error,
  onSave,
  onImages,
  conflict,
}: {
  start: ProductForm;
  currency: string;
  /** Null while it isn't in the shop: pictures come after the first save. */
  product: Product | null;
  saving: boolean;
  error: unknown;
  onSave: (form: ProductForm) => void;
  onImages?: (product: Product) => void;
  conflict?: ((form: ProductForm) => ReactNode) | null;
}) {
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  const set = (change: Partial<ProductForm>) => setForm((before) => ({ ...before, ...change }));
  const all = productProblems(form, currency);
  const problems = tried ? all : {};
  const wrong = Object.keys(all).length;
  const changed = JSON.stringify(form) !== JSON.stringify(start);

  useEffect(() => {
    if (!changed) return;
    const stay = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', stay);
    return () => window.removeEventListener('beforeunload', stay);
  }, [changed]);

  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong === 0) return onSave(form);
        requestAnimationFrame(() =>
          document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
        );
      }}
      className="grid items-start gap-10 xl:grid-cols-[minmax(0,1fr)_320px]"
    >
      <div className="grid min-w-0 gap-10">
        <section className="grid gap-5">
          <Field
            label="Title"
            value={form.title}
            error={problems.title}
            onChange={(event) => set({ title: event.target.value })}
          />
          <RichText
            label="Description"
            value={form.descriptionHtml}
            onChange={(descriptionHtml) => set({ descriptionHtml })}
          />
        </section>
        <Part title="Pictures">
          <ImageEditor
            productId={product?.id ?? null}
            images={form.images}
            onChange={(images) => set({ images })}
            onAdded={(next) => {
              // Only the pictures come in: what else was typed stays.
              const fresh = productForm(next).images;
              setForm((before) => ({
                ...before,
                images: [
                  ...before.images,
                  ...fresh.filter(({ id }) => !before.images.some((one) => one.id === id)),
                ],
              }));
              onImages?.(next);
            }}
          />
        </Part>
        <Part
          title="Price and stock"
          note="Stock is what stands on your shelf; shows take their units from it."
        >
          <VariantEditor
            names={form.optionNames}
            rows={form.variants}
            currency={currency}
            problems={problems}
            onChange={(optionNames, variants) => set({ optionNames, variants })}
          />
        </Part>
        <Part
          title="Where it comes from"
          note="Only what you know. It stands with the product in the show, the replay and the shop."
        >
          <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_280px]">
            <CardFields card={form.card} onChange={(card) => set({ card })} />
            <ProvenanceCard title={form.title} card={form.card} />
          </div>
        </Part>
      </div>
      <aside className="sticky top-8 grid grid-cols-[minmax(0,1fr)] gap-5 rounded-sheet border border-line bg-card p-6 shadow-card max-xl:static">
        <SelectField
          label="State"
          value={form.status}
          hint={form.status === 'active' ? 'Can be shown and sold.' : 'Not shown and not sold.'}
          onChange={(event) => set({ status: event.target.value as ProductStatus })}
        >
          <option value="active">Active</option>
          <option value="draft">Draft</option>
          <option value="archived">Archived</option>
        </SelectField>
        <Field
          label="Vendor"
          value={form.vendor}
          onChange={(event) => set({ vendor: event.target.value })}
        />
        <Field
          label="Type"
          value={form.type}
          onChange={(event) => set({ type: event.target.value })}
        />
        <Field
          label="Tags"
          hint="With commas between them."
          value={form.tags}
          onChange={(event) => set({ tags: event.target.value })}
        />
        {conflict ? conflict(form) : null}
        <ProblemNote error={error} />
        {tried && wrong > 0 ? (
          <p role="alert" className="text-sm font-semibold text-urgent">
            {wrong === 1 ? 'One field is' : `${wrong} fields are`} still to be corrected.
          </p>
        ) : null}
        <Button
          type="submit"
          look="strong"
          size="large"
          busy={saving}
          disabled={!changed && product !== null}
        >
          {product === null ? 'Add to the catalogue' : changed ? 'Save' : 'Saved'}
        </Button>
      </aside>
    </form>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="grid gap-4">
      <div>
        <h2 className="text-2xl">{title}</h2>
        {note ? <p className="mt-1 text-sm text-soft">{note}</p> : null}
      </div>
      {children}
    </section>
  );
}

function CardFields({ card, onChange }: { card: CardForm; onChange: (card: CardForm) => void }) {
  const field = (name: keyof CardForm) => ({
    value: card[name],
    onChange: (event: { target: { value: string } }) =>
      onChange({ ...card, [name]: event.target.value }),
  });
  return (
    <div className="grid content-start gap-4 sm:grid-cols-2">
      <Field
        className="sm:col-span-2"
        label="Maker"
        placeholder="Who made it"
        {...field('maker')}
      />
      <Field
        className="sm:col-span-2"
        label="Origin"
        placeholder="Where it was made"
        {...field('origin')}
      />
      <Field
        className="sm:col-span-2"
        label="Materials"
        hint="With commas between them."
        {...field('materials')}
      />
      <Field label="Serial number" {...field('serialNumber')} />
      <Field label="Certificate" {...field('certificate')} />
      <Field
        className="sm:col-span-2"
        label="Condition"
        placeholder="New; or every trace of use"
        {...field('condition')}
      />
      <TextField className="sm:col-span-2" label="Its story" rows={4} {...field('story')} />
    </div>
  );
}
