import { proxyActivities } from '@temporalio/workflow';

/** What a build other than the present one does beside its work. */
export type BuildActivities = { noteStep(step: string): Promise<void> };

/** The step that a build adds. */
export const { noteStep } = proxyActivities<BuildActivities>({ startToCloseTimeout: '1m' });

/** The same activities, with a step before each call of one of them. */
export function withStepBefore<A extends object>(activities: A, name: keyof A, step: () => Promise<void>): A {
  const call = activities[name] as (...args: unknown[]) => Promise<unknown>;
  const withStep = async (...args: unknown[]) => {
    await step();
    return call(...args);
  };
  return new Proxy(activities, { get: (present, key) => (key === name ? withStep : Reflect.get(present, key)) });
}
