// One show as a visitor may read it: the whole room for whoever may come in, the plan and how to get in for
// the others; with the ticket and the materials that the shop has.

import type { ProductId, ShowId } from '../base/brand.ts';
import type { ShelfItem } from '../domain/sale/shelf.ts';
import type { ShopItem, ShowDetail, ShowEntry } from '../protocol/http.ts';
import type { RoomPlan } from '../protocol/room.ts';
import type { You } from '../protocol/socket.ts';
import { roomFromOutside, type ShowDoor } from './show-access.ts';
import type { ShowDesk } from './show-desk.ts';

export type ShowDetailOptions = {
  readonly desk: Pick<ShowDesk, 'summary' | 'room' | 'shelfItems'>;
  readonly door: Pick<ShowDoor, 'refusal'>;
};

/** Null for a show that was never planned. Without the crew's notes. */
export const showDetail = async (
  { desk, door }: ShowDetailOptions,
  you: You | null,
  showId: ShowId,
): Promise<ShowDetail | null> => {
  const [show, room, refused] = await Promise.all([
    desk.summary(showId),
    desk.room(showId),
    door.refusal(you, showId),
  ]);
  if (!show || !room) return null;
  const mayEnter = refused === null;
  return {
    show,
    room: mayEnter ? room : roomFromOutside(room),
    segments: null,
    entry: { mayEnter, ...(await forSale(desk, room.plan)) },
  };
};

const forSale = async (
  desk: Pick<ShowDesk, 'shelfItems'>,
  { access, materials = [] }: RoomPlan,
): Promise<Omit<ShowEntry, 'mayEnter'>> => {
  const ticketId = access?.for === 'ticket' ? access.productId : null;
  const wanted = new Set(
    [ticketId, ...materials.map(({ productId }) => productId)].filter((id) => id !== null),
  );
  // Most shows have neither.
  const items = wanted.size === 0 ? [] : await desk.shelfItems([...wanted] as ProductId[]);
  const itemOf = (productId: string | null): ShopItem | null => {
    const found = items.find((item) => item.productId === productId);
    return found ? shopItem(found) : null;
  };
  const ticket = itemOf(ticketId);
  const variants = ticket?.variants.filter(
    ({ variantId }) => access?.for === 'ticket' && variantId === access.variantId,
  );
  return {
    ticket: ticket && variants && variants.length > 0 ? { ...ticket, variants } : null,
    materials: materials.map(({ title, quantity, note, productId }) => ({
      title,
      quantity,
      note,
      item: itemOf(productId),
    })),
  };
};

const shopItem = ({ productId, title, imageUrl, variants }: ShelfItem): ShopItem => ({
  productId,
  title,
  imageUrl,
  variants: variants.map(({ variantId, title: name, price }) => ({
    variantId,
    title: name,
    price,
  })),
});
