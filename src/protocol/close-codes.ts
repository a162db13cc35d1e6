// Why a show's socket was closed. Apart from the problems (problems.ts), whose texts no browser needs: it gets
// them from the server with each refusal.

/** WebSocket close codes: 4000–4099 come back after a while, 4100–4199 don't come back unchanged. */
export const closeCodes = {
  slowReader: 4000,
  shuttingDown: 4001,
  silent: 4002,
  showStopped: 4003,
  tooMany: 4004,
  badMessage: 4100,
  showUnknown: 4101,
  originRefused: 4102,
  entryNeeded: 4103,
} as const;

/** Whether a client should open the socket again after this close code. */
export const comesBack = (closeCode: number): boolean => closeCode < 4100 || closeCode > 4199;
