// How a client of ours finds its peer: an SDP offer goes out, an answer comes back. Either straight into a `MediaPlane`
// (tests) or over HTTP as WHIP and WHEP say (camera, benchmark). The rule: a refusal is an error that names its code.

/** Sends an offer, gives the answer and a way to say goodbye. */
export type Signal = (offerSdp: string) => Promise<{ answerSdp: string; leave(): Promise<void> }>;

/** The other way round: the server offers, and takes the answer. */
export type OfferedSignal = () => Promise<{
  offerSdp: string;
  answer(answerSdp: string): Promise<void>;
  leave(): Promise<void>;
}>;

/** A refusal of a WHIP or WHEP server. */
export class SignalRefused extends Error {
  readonly status: number;
  /** The code of the problem document, if there was one. */
  readonly code: string | undefined;
  constructor(status: number, code: string | undefined, detail: string) {
    super(`The server answered ${status}${code ? ` (${code})` : ''}: ${detail}`);
    this.name = 'SignalRefused';
    this.status = status;
    this.code = code;
  }
}

/** Signals over HTTP (RFC 9725): POST the offer, keep the location, DELETE it at the end. */
export function signalOverHttp(url: string, headers: Record<string, string> = {}): Signal {
  return async (offerSdp) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/sdp', accept: 'application/sdp' },
      body: offerSdp,
    });
    const text = await response.text();
    if (response.status !== 201) {
      let code: string | undefined;
      try {
        code = (JSON.parse(text) as { code?: string }).code;
      } catch {
        // Not a problem document: a proxy's page, say.
      }
      throw new SignalRefused(response.status, code, text.slice(0, 200));
    }
    const location = response.headers.get('location');
    const resource = location ? new URL(location, url) : undefined;
    return {
      answerSdp: text,
      leave: async () => {
        // A server that is gone needs no goodbye.
        if (resource) await fetch(resource, { method: 'DELETE', headers }).catch(() => undefined);
      },
    };
  };
}
