import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs work side by side and waits for all of it. Where one piece fails the others are cancelled and waited for, then
 * the first failure is thrown: nothing goes on behind the back of what comes next.
 */
export const sideBySide = <T>(work: readonly (() => Promise<T>)[]): Promise<T[]> =>
  CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const failures: unknown[] = [];
    const running = work.map((run) =>
      run().catch((error: unknown) => {
        failures.push(error);
        scope.cancel();
        throw error;
      }),
    );
    const settled = await Promise.allSettled(running);
    if (failures.length > 0) throw failures[0];
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  });
