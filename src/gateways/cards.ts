// Keeping a card on file without charging it, in our words: what tells one card from another, so that a drop can take
// one entry a card. The number never comes here: a person gives it to the provider, by a token or at its own page.

/** A card as the provider keeps it. `fingerprint` is the same for the same card, whoever has it. */
export type KeptCard = {
  readonly methodId: string;
  readonly fingerprint: string;
  /** `visa`, `mastercard` … */
  readonly brand: string;
  readonly last4: string;
};

/** Why a card was declined, as far as it may be told to the person who holds it. */
export type DeclineReason =
  | 'card-declined'
  | 'insufficient-funds'
  | 'card-expired'
  | 'card-number-invalid'
  | 'security-code-wrong'
  | 'authentication-failed';

export type CardSetup =
  | { readonly state: 'kept'; readonly setupId: string; readonly card: KeptCard }
  /** The person has to do something at `url`, the provider's page; it leads back to `returnUrl`. */
  | { readonly state: 'needs-action'; readonly setupId: string; readonly url: string }
  | { readonly state: 'declined'; readonly setupId: string; readonly reason: DeclineReason };

export type KeepCard = {
  readonly personId: string;
  /** The provider's name for this person, from an earlier answer of `customer`. */
  readonly customerId: string;
  /** The provider's token of a card; absent: the card is given at the provider's page. */
  readonly methodToken?: string;
  readonly idempotencyKey: string;
  /** Where the provider's page leads back to. */
  readonly returnUrl: string;
};

/**
 * Like `Payments`: a call may be repeated with its key, a decline is an answer, and a provider that can't be reached
 * is the fault `payment-unavailable`.
 */
export interface Cards {
  /** A person at the provider, to be remembered; the same person may come to have several. */
  customer(personId: string): Promise<string>;
  keep(wish: KeepCard): Promise<CardSetup>;
  /** How a setup stands now; null when the provider doesn't know it. */
  setup(setupId: string): Promise<CardSetup | null>;
  /** Forgets a card. One that is gone already is forgotten. */
  forget(methodId: string): Promise<void>;
}
