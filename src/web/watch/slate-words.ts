// What the slate says, while the picture is waited for and afterwards. Rule: HEA-4.

export const slateWords = (
  isAwaited: boolean,
  hostName: string,
): { readonly title: string; readonly detail: string } =>
  isAwaited
    ? {
        title: `One moment: ${hostName} is coming back`,
        detail: 'Chat and offers go on. Open lots wait for the picture.',
      }
    : {
        title: 'The picture is off, the sale goes on',
        detail: `${hostName} may still come back. Chat and offers work as before.`,
      };
