import { cnn } from './cnn.ts';
import { lstm } from './lstm.ts';
import { mlp } from './mlp.ts';
import type { Network } from './network.ts';
import { spam } from './spam.ts';
import { transformer } from './transformer.ts';

export const networks = { mlp, cnn, lstm, spam, transformer } as const satisfies Readonly<Record<string, Network>>;
export type NetworkName = keyof typeof networks;
export const networkNames: readonly NetworkName[] = ['mlp', 'cnn', 'lstm', 'spam', 'transformer'];
