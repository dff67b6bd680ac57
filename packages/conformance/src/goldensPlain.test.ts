import { cpu } from '@dl/backend-cpu';
import { testGoldens } from './goldens.ts';

testGoldens('WebAssembly with plain SIMD', () => cpu({ engine: 'wasm', variant: 'simd' }));
