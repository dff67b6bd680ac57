import { benchStep } from './step.ts';
await benchStep();
