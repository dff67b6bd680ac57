import { cpu } from '@dl/backend-cpu';
import { BackendError } from '@dl/tensor';
import { expect, test } from 'vitest';
import { testGoldens } from './goldens.ts';

const open = () => cpu({ engine: 'native', variant: 'avx2', threads: 2 });

if (process.arch === 'x64') testGoldens('native code for AVX2', open);
else test('elsewhere AVX2 is refused', () => expect(open()).rejects.toThrow(BackendError));
