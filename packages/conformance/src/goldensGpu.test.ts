import { gpu } from '@dl/backend-gpu';
import { testGoldens } from './goldens.ts';

/** Where there is no adapter the same kernels run on the processor. */
const mode = await gpu().then(
  () => 'webgpu' as const,
  (error: unknown) => {
    if (process.env.DL_REQUIRE_WEBGPU === '1') throw error;
    return 'webasm' as const;
  },
);

testGoldens(`gpu.js in mode ${mode}, one setting of each layer`, () => gpu({ mode }), { oneOfEach: true });
