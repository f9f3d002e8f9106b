// Asks for signed random bytes and draws a number of its own. The number is as repeatable as the
// run: a replay draws the same one.
import { generateRandom, respond } from '@service-layer/devpack';

interface Params {
  readonly length?: number;
  readonly requestId?: string;
  readonly sides?: number;
}

export default async ({ length = 32, requestId, sides = 6 }: Params) => {
  const random = generateRandom({ length, requestId: requestId ?? null });
  const roll = 1 + Math.floor(Math.random() * sides);
  return respond.success({ random: random.asResult(), roll });
};
