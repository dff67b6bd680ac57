import type { TensorSpec } from '@dl/tensor';
import { internalError, type PrimitiveName } from '@dl/tensor/internal';
import { attentionEncoders } from './attention.ts';
import { convolutionEncoders } from './convolution.ts';
import { elementwiseEncoders } from './elementwise.ts';
import type { EncodedName, EncoderTable, Encoding } from './encoding.ts';
import { indexingEncoders } from './indexing.ts';
import { matrixEncoders } from './matrix.ts';
import { movementEncoders } from './movement.ts';
import { normalizationEncoders } from './normalization.ts';
import { poolingEncoders } from './pooling.ts';
import { recurrentEncoders } from './recurrent.ts';
import { reductionEncoders } from './reduction.ts';
import { updateEncoders } from './update.ts';

const encoders: EncoderTable = {
  ...elementwiseEncoders,
  ...reductionEncoders,
  ...movementEncoders,
  ...indexingEncoders,
  ...normalizationEncoders,
  ...recurrentEncoders,
  ...updateEncoders,
  ...attentionEncoders,
  ...convolutionEncoders,
  ...matrixEncoders,
  ...poolingEncoders,
};

/** Kernels that run a chain over each part of their output as it is finished: the last of their params says whether one follows. */
export const takesChain: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  'matmul',
  'linear',
  'convolution',
  'convolutionInputGradient',
  'maxPoolGradient',
]);

/** The kernel of a primitive and what it needs to know of its operands. */
export function encode(
  primitive: PrimitiveName,
  application: { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[]; readonly params: object },
): Encoding {
  if (!isEncoded(primitive)) throw internalError(`cpu: ${primitive} should have been decomposed`);
  // The application is of this very primitive; the compiler cannot follow the correlation.
  return encoders[primitive](application as never);
}

function isEncoded(primitive: PrimitiveName): primitive is EncodedName {
  return Object.hasOwn(encoders, primitive);
}
