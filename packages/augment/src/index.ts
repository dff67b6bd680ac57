export { CallableTransform } from './callableTransform.ts';
export { type Chained, Compose, type FirstInput, type LastOutput } from './compose.ts';
export { Lambda, type LambdaOptions } from './lambda.ts';
export { Normalize } from './normalize.ts';
export { ToTensor } from './toTensor.ts';
