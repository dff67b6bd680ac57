export { type CpuOptions, cpu } from './cpu.ts';
export type { Peak } from './engine/engine.ts';
export type { Profile, ProfileEntry } from './profile/profile.ts';
export { profile } from './profile.ts';
