import { cpu } from '@dl/backend-cpu';
import { testGoldens } from './goldens.ts';

testGoldens('WebAssembly with relaxed SIMD', () => cpu({ engine: 'wasm', variant: 'relaxed simd' }));
