import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openPipeline, type Pipeline } from '../../support/pipeline.ts';

const DATE = '2026-03-31';
const TILL = `Receipt,Time,Item,Quantity,Price
R-1,2026-03-31 09:15:00,KETTLE,2,24.50
R-1,2026-03-31 09:15:00,DELIVERY,1,4.20
R-2,2026-03-31 10:02:11,MUG,1,8.00
R-3,2026-03-31 11:40:30,KETTLE,-1,24.50
`;

let pipeline: Pipeline;
let document: string;
beforeEach(async () => {
  pipeline = await openPipeline();
  document = join(pipeline.folder, 'corner-shop.yaml');
  await writeFile(document, await readFile('infra/operating-model/reference/example.yaml'));
  await mkdir(join(pipeline.folder, 'data'));
  await writeFile(join(pipeline.folder, 'data', `${DATE}.csv`), TILL);
});
afterEach(() => pipeline.close());

test('the example of the reference means what its comments say of a sale, a delivery and a return', async () => {
  await writeFile(join(pipeline.folder, 'data', 'totals.csv'), `day,gross\n${DATE},57.00\n`);
  const { captured, metrics } = await pipeline.preview(document, DATE);
  expect(captured).toEqual({ records: 4, quarantined: 0, duplicates: 0, inSuspense: '0.00' });
  expect(Object.fromEntries(metrics.map(({ metric, value }) => [metric, value]))).toMatchObject({
    gross_sales: '57.00',
    shipping: '4.20',
    sales_reversals: '-24.50',
    net_sales: '32.50',
  });
});
