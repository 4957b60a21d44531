import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing: () => Promise<void> }>({ startToCloseTimeout: '1m' });

/** What the engine alone costs: so many activities, one after the other, that do nothing. */
export async function bareActivities(count: number): Promise<void> {
  for (let done = 0; done < count; done += 1) await nothing();
}
