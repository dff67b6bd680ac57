import { gpu } from '@dl/backend-gpu';
import { testGoldens } from './goldens.ts';
import { hasAdapter } from './hasAdapter.ts';

/** Where there is no adapter the same kernels run on the processor. */
const mode = (await hasAdapter(process.env.DL_REQUIRE_WEBGPU === '1')) ? 'webgpu' : 'webasm';

testGoldens(`gpu.js in mode ${mode}, one setting of each layer`, () => gpu({ mode }), { oneOfEach: true });
