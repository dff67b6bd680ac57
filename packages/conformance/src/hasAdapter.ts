import { gpu } from '@dl/backend-gpu';

/** Whether WebGPU has an adapter here. Where it `isRequired`, throws without one, and says what is missing. */
export async function hasAdapter(isRequired: boolean): Promise<boolean> {
  try {
    await gpu();
    return true;
  } catch (error) {
    if (isRequired) throw error;
    return false;
  }
}
