// What a story takes as given: an owner who is signed in, a catalogue, a planned show, stock, an offer, all
// by the HTTP interface, so that a story's browser time goes to what it is about. The way through the pages
// is a story of its own (sell.e2e.ts).

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Product, ProductPage } from '../src/protocol/catalogue.ts';
import type { ClaimAnswer, OpenOfferBody, ShowDetail, ShowSummary } from '../src/protocol/http.ts';
import type { MyHold } from '../src/protocol/socket.ts';
import type { House } from './house.ts';

const catalogues = join(import.meta.dirname, '../../shared/data/catalog');

/** A real shop's export: `jewelry` or `apparel`. */
export const catalogueFile = (name: 'jewelry' | 'apparel'): string =>
  join(catalogues, `${name}.csv`);

/** Somebody who uses the HTTP interface. */
export class Visitor {
  readonly #url: string;
  #cookies = new Map<string, string>();

  constructor(house: House) {
    this.#url = house.url;
  }

  /** The cookies as a browser context takes them. */
  get cookies(): { name: string; value: string; url: string }[] {
    return [...this.#cookies].map(([name, value]) => ({ name, value, url: this.#url }));
  }

  /** Asks; throws with the whole answer when it isn't a good one. */
  async ask<Answer>(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    const isRaw = body instanceof Uint8Array;
    const answer = await fetch(new URL(path, this.#url), {
      method,
      redirect: 'manual',
      headers: {
        origin: this.#url,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(body === undefined ? {} : { 'content-type': isRaw ? 'text/csv' : 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined
        ? {}
        : { body: isRaw ? new Blob([body as Uint8Array<ArrayBuffer>]) : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';', 1);
      const at = pair.indexOf('=');
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const text = await answer.text();
    if (answer.status >= 400) throw new Refused(method, path, answer.status, text);
    return (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as Answer;
  }

  async asGuest(name: string): Promise<this> {
    await this.ask('POST', '/api/auth/guest/sign-in', { name });
    return this;
  }

  claim(showId: string, offer: OpenOffer, quantity: number, key: string): Promise<ClaimAnswer> {
    const { offerId, variantId } = offer;
    return this.ask('POST', `/api/shows/${showId}/claims`, { offerId, variantId, quantity }, key);
  }

  async holds(): Promise<readonly MyHold[]> {
    return (await this.ask<{ holds: readonly MyHold[] }>('GET', '/api/holds')).holds;
  }
}

/** An answer of 400 and more. */
export class Refused extends Error {
  readonly status: number;
  constructor(method: string, path: string, status: number, text: string) {
    super(`${method} ${path}: ${status} ${text}`);
    this.status = status;
  }
}

export type OpenOffer = {
  readonly offerId: string;
  readonly variantId: string;
  readonly title: string;
};

/** The owner, signed in by the one-time link. */
export class Owner extends Visitor {
  static async of(house: House): Promise<Owner> {
    const owner = new Owner(house);
    await owner.ask('GET', house.ownerLink);
    return owner;
  }

  /** Imports a real catalogue and gives its products that are in stock. */
  async imports(name: 'jewelry' | 'apparel'): Promise<readonly Product[]> {
    await this.ask(
      'POST',
      '/api/catalogue/import',
      await readFile(catalogueFile(name)),
      `import-${name}`,
    );
    const { products } = await this.ask<ProductPage>(
      'GET',
      '/api/products?limit=100&status=active',
    );
    return Promise.all(
      products
        .filter(({ onHand }) => (onHand ?? 0) > 0)
        .map(({ id }) => this.ask<Product>('GET', `/api/products/${id}`)),
    );
  }

  plans(title: string, products: readonly Product[]): Promise<ShowSummary> {
    return this.ask('POST', '/api/shows', {
      title,
      showKind: 'demonstration',
      startsAtMs: Date.now(),
      productIds: products.map(({ id }) => id),
    });
  }

  show(showId: string): Promise<ShowDetail> {
    return this.ask('GET', `/api/shows/${showId}`);
  }

  /** Counts one variant's stock, and offers so many of it. */
  async offers(
    showId: string,
    product: Product,
    {
      quantity,
      ...terms
    }: { quantity: number } & Pick<OpenOfferBody, 'holdMs' | 'perPersonMax' | 'durationMs'>,
  ): Promise<OpenOffer> {
    const [variant] = product.variants;
    if (!variant) throw new Error(`${product.title} has no variant`);
    await this.ask('PUT', `/api/variants/${variant.id}/stock`, { onHand: quantity });
    const { offerId } = await this.ask<{ offerId: string }>('POST', `/api/shows/${showId}/offers`, {
      productId: product.id,
      variants: [{ variantId: variant.id, priceMinor: variant.price.minor, quantity }],
      ...terms,
    });
    return { offerId, variantId: variant.id, title: product.title };
  }
}
