import { ArgumentError } from '@dl/tensor';
import { measure, type Profile } from './profile/profile.ts';

/**
 * Runs a function and says where its time went: each step of the plans that ran on a cpu backend meanwhile, with its time,
 * operations and traffic, and their shares of what this machine can do. Only what is evaluated inside is measured: await it there.
 * Plans run on the main thread while they are measured. PyTorch: `torch.profiler.profile`.
 *
 * @throws ArgumentError if `run` is not a function.
 * @example
 * const report = await profile(() => optimizer.step());
 * console.log(String(report));
 * await report.writeTrace('step.json');
 */
export async function profile<R>(run: () => R | Promise<R>): Promise<Profile<R>> {
  if (typeof run !== 'function') throw new ArgumentError(`profile: takes a function; got ${typeof run}`);
  return measure(run);
}
