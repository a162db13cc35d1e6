// The shape of everything that is stored or sent: plain JSON, with no dates, maps or undefined.

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };
