import process from 'node:process';
import { gpu } from '@dl/backend-gpu';

/** Whether WebGPU has an adapter here; throws where there must be one, and says what is missing. */
export async function hasAdapter(): Promise<boolean> {
  try {
    await gpu();
    return true;
  } catch (error) {
    if (process.env.DL_REQUIRE_WEBGPU === '1') throw error;
    return false;
  }
}
