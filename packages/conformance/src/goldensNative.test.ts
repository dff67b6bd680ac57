import { cpu } from '@dl/backend-cpu';
import { testGoldens } from './goldens.ts';

testGoldens('native code, the best that the processor has', () => cpu({ engine: 'native', threads: 2 }));
