/** How the hook names itself in the requests that it makes, so that it recognises them (RFC 9110, section 7.6.3). */

const NAME = 'stormservice-rollouts';

/** The value of the header Via. */
export const VIA = `1.1 ${NAME}`;

/** Whether a request with this header Via was made by a hook, directly or through proxies. */
export function isMadeByHook(via = ''): boolean {
  return via.split(',').some(hop => hop.trim().split(/\s+/)[1]?.toLowerCase() === NAME);
}
