import { fillUniform, type RandomPrimitives, sizeOf } from '@dl/tensor/internal';
import { type KernelTable, output } from './table.ts';

export const randomKernels: KernelTable<keyof RandomPrimitives> = {
  /** On the host: the same bits as everywhere else need whole 32-bit products, which the language of gpu.js does not have. */
  randomUniform: ({ params: { shape } }) => [
    {
      host: ([seedLow = 0, seedHigh = 0, stream = 0, offset = 0]) => {
        const elements = new Float32Array(sizeOf(shape));
        fillUniform(elements, [seedLow, seedHigh, stream, offset]);
        return elements;
      },
      size: sizeOf(shape),
      target: output(0),
    },
  ],
};
