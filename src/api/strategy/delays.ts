import { Type } from 'typebox';
import { whole } from '../../schema/schema.js';

const DEFAULT_SECONDS = 30;

const abortDelayField = {
  abortScaleDownDelaySeconds: Type.Optional(
    whole({
      default: DEFAULT_SECONDS,
      description: 'Seconds to keep the new pods after an abort; 0 keeps them indefinitely.',
    }),
  ),
};

/** How long old pods stay after traffic has left them. */
export const delayFields = {
  scaleDownDelaySeconds: Type.Optional(
    whole({ default: DEFAULT_SECONDS, description: 'Seconds to keep the old pods after promotion.' }),
  ),
  ...abortDelayField,
};

/** The same where only traffic routing has such a delay: a default would be refused without it. */
export const routedDelayFields = {
  scaleDownDelaySeconds: Type.Optional(
    whole({
      description: `Seconds to keep the old pods after promotion. Default ${DEFAULT_SECONDS}. Requires trafficRouting.`,
    }),
  ),
  ...abortDelayField,
};

export interface Delays {
  readonly scaleDownDelaySeconds: number;
  readonly abortScaleDownDelaySeconds: number;
}

export function readDelays(raw: Partial<Delays>): Delays {
  const { scaleDownDelaySeconds = DEFAULT_SECONDS, abortScaleDownDelaySeconds = DEFAULT_SECONDS } = raw;
  return { scaleDownDelaySeconds, abortScaleDownDelaySeconds };
}
