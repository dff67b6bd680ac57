export { decodeSafetensors, decodeSafetensorsHeader } from './safetensors/decode.ts';
export { encodeSafetensors, type SafetensorsOptions } from './safetensors/encode.ts';
export { loadSafetensors, loadSafetensorsHeader, saveSafetensors } from './safetensors/files.ts';
export type { SafetensorsHeader } from './safetensors/header.ts';
