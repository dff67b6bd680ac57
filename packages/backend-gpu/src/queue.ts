/** One tail: jobs run one after the other, in the order in which they were added. */
export class Queue {
  private tail: Promise<void> = Promise.resolve();

  /** The job's outcome. Nobody need await it: a rejection is never reported as unhandled. */
  add<T>(job: () => Promise<T>): Promise<T> {
    const outcome = this.tail.then(job);
    this.tail = outcome.then(nothing, nothing);
    return outcome;
  }
}

function nothing(): void {}
