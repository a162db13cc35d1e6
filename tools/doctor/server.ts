// The running server as a viewer meets it: its health, a show's socket, the way of the picture. It watches the
// first live show for a moment as anybody could, and leaves nothing behind.

import WebSocket from 'ws';
import { SignalRefused, signalOverHttp } from '../../src/media/client/signal.ts';
import { ViewerClient } from '../../src/media/client/viewer-client.ts';
import type { ShowSummary } from '../../src/protocol/http.ts';
import { ill, type Outcome, passedOver, saidBy, well } from './outcome.ts';

const answerMsMax = 5_000;
const pictureMsMax = 8_000;

/** The rungs from `/healthz` to the first picture. Nothing above a server that isn't there is looked at. */
export async function checkServer(url: string): Promise<readonly Outcome[]> {
  const health = await checkPath(url, '/healthz');
  if (health === 'no answer') {
    return [
      passedOver(
        `server, socket, picture: nothing runs at ${url} (RIALTO_URL or PORT name another place)`,
      ),
    ];
  }
  const outcomes: Outcome[] = [health];
  const ready = await checkPath(url, '/readyz');
  if (ready !== 'no answer') outcomes.push(ready);

  const show = await showToWatch(url);
  if (show === undefined)
    return [...outcomes, passedOver('socket and picture: there is no show yet')];
  outcomes.push(await checkSocket(url, show), await checkPicture(url, show));
  return outcomes;
}

async function checkPath(url: string, path: string): Promise<Outcome | 'no answer'> {
  try {
    const startedMs = performance.now();
    const answer = await fetch(url + path, { signal: AbortSignal.timeout(answerMsMax) });
    const text = await answer.text();
    if (answer.ok)
      return well(`${url}${path} answers in ${Math.round(performance.now() - startedMs)} ms`);
    return ill(
      `${url}${path} answers ${answer.status}: ${text.slice(0, 300)}`,
      'The answer and the server’s log name the part that is not ready.',
    );
  } catch {
    return 'no answer';
  }
}

async function showToWatch(url: string): Promise<ShowSummary | undefined> {
  try {
    const answer = await fetch(`${url}/api/shows`, { signal: AbortSignal.timeout(answerMsMax) });
    const { shows } = (await answer.json()) as { readonly shows: readonly ShowSummary[] };
    return shows.find((show) => show.phase === 'live') ?? shows[0];
  } catch {
    return undefined;
  }
}

function checkSocket(url: string, show: ShowSummary): Promise<Outcome> {
  const address = `${url.replace(/^http/, 'ws')}/api/shows/${show.showId}/live`;
  const cure =
    'A proxy in front must pass WebSockets on (the Upgrade header), and RIALTO_URL must be the address that people use.';
  return new Promise((resolve) => {
    const socket = new WebSocket(address, { origin: url, handshakeTimeout: answerMsMax });
    const finish = (outcome: Outcome) => {
      clearTimeout(patience);
      resolve(outcome);
      socket.terminate();
    };
    const patience = setTimeout(
      () => finish(ill(`the socket of "${show.title}" is silent`, cure)),
      answerMsMax,
    );
    socket.on('open', () => socket.send(JSON.stringify({ t: 'hello' })));
    socket.on('message', () => finish(well(`the socket of "${show.title}" speaks`)));
    socket.on('close', (code) =>
      finish(
        ill(
          `the socket of "${show.title}" closed with ${code}`,
          'See docs/errors.md for the code.',
        ),
      ),
    );
    socket.on('error', (error) =>
      finish(ill(`the socket of "${show.title}" does not open: ${saidBy(error)}`, cure)),
    );
  });
}

async function checkPicture(url: string, show: ShowSummary): Promise<Outcome> {
  if (show.phase !== 'live') return passedOver('picture: no show is live');
  let client: ViewerClient | undefined;
  try {
    let pictured = () => {};
    const picture = new Promise<void>((resolve) => {
      pictured = resolve;
    });
    client = await ViewerClient.connect({
      signal: signalOverHttp(`${url}/whep/${show.showId}`, { origin: url }),
      onPicture: pictured,
    });
    const connectedMs = Math.round(client.stats.connectedAfterMs);
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, pictureMsMax, 'late'));
    if ((await Promise.race([picture, late])) === 'late') {
      return ill(
        `WebRTC connects in ${connectedMs} ms, but no picture comes`,
        'Look whether the host’s studio or the camera still sends; the server’s log names the media engine’s state.',
      );
    }
    const pictureMs = Math.round(client.stats.firstPictureAfterMs);
    return well(`WebRTC connects in ${connectedMs} ms, first picture after ${pictureMs} ms`);
  } catch (error) {
    if (error instanceof SignalRefused) {
      return ill(
        `the media engine refuses: ${saidBy(error)}`,
        'docs/errors.md tells what the code means.',
      );
    }
    return ill(
      `WebRTC does not connect: ${saidBy(error)}`,
      'Open the UDP port RIALTO_MEDIA_PORT in the firewall; behind NAT set RIALTO_MEDIA_ADDRESS to the public address.',
    );
  } finally {
    await client?.close();
  }
}
