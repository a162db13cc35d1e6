// Which cameras and microphones a browser has, as people choose among them.

export type Choice = { readonly id: string; readonly name: string };

/** What is there to choose from; names are known once a device may be used, until then they are counted. */
export const deviceChoices = async (): Promise<{
  readonly cameras: readonly Choice[];
  readonly microphones: readonly Choice[];
}> => {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind, word: string) =>
    devices
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map((device, index) => ({
        id: device.deviceId,
        name: device.label || `${word} ${index + 1}`,
      }));
  return { cameras: of('videoinput', 'Camera'), microphones: of('audioinput', 'Microphone') };
};
