import type { EntryKind } from '../../schemas/operating-model/kinds.ts';
import type { Formula, Metric } from './definition.ts';

const sales = (...kinds: EntryKind[]): Formula => ({ by: 'sum', book: 'sales', kinds });
const payments = (...kinds: EntryKind[]): Formula => ({ by: 'sum', book: 'payments', kinds });
const marketing = (...kinds: EntryKind[]): Formula => ({ by: 'sum', book: 'marketing', kinds });
const total = (...of: string[]): Formula => ({ by: 'total', of });
const ratio = (numerator: string[], denominator: string): Formula => ({ by: 'ratio', numerator, denominator });

function money(id: string, title: string, formula: Formula, more: Partial<Metric> = {}): Metric {
  return { id, title, version: 1, unit: 'money', formula, ...more };
}
function count(id: string, title: string, formula: Formula): Metric {
  return { id, title, version: 1, unit: 'count', formula };
}

/**
 * The standard metrics. Definitions follow Shopify's sales reports (help.shopify.com, "Sales reports"; ShopifyQL schema
 * `sales`): gross before discounts and reversals, on the day of the event, without tax, shipping, tips and gift cards.
 */
export const STANDARD_METRICS: readonly Metric[] = [
  money('gross_sales', 'Gross sales', sales('gross_sales')),
  money('discounts', 'Discounts', sales('discount'), { deduction: true }),
  money('sales_reversals', 'Sales reversals', sales('sales_reversal'), { deduction: true }),
  money('adjustments', 'Adjustments', sales('adjustment')),
  money('net_sales', 'Net sales', total('gross_sales', 'discounts', 'sales_reversals', 'adjustments')),
  money('shipping', 'Shipping', sales('shipping')),
  money('taxes', 'Taxes', sales('tax')),
  money('duties', 'Duties', sales('duty')),
  money('tips', 'Tips', sales('tip')),
  money('fees', 'Fees', sales('fee')),
  money('gift_cards', 'Gift cards sold', sales('gift_card')),
  money('gift_card_redemptions', 'Gift cards redeemed', sales('gift_card_redemption')),
  money('total_sales', 'Total sales', total('net_sales', 'shipping', 'taxes', 'duties')),
  count('orders', 'Orders', { by: 'orders', count: 'placed' }),
  count('orders_in_report', 'Orders in report', { by: 'orders', count: 'in_report' }),
  {
    id: 'average_order_value',
    title: 'Average order value',
    version: 1,
    unit: 'money_per_count',
    formula: ratio(['gross_sales', 'discounts'], 'orders'),
  },
  count('customers', 'Customers', { by: 'customers', count: 'all' }),
  count('new_customers', 'New customers', { by: 'customers', count: 'new' }),
  count('returning_customers', 'Returning customers', { by: 'customers', count: 'returning' }),
  money('gross_payments', 'Gross payments', payments('charge')),
  money('refunds', 'Refunds', payments('refund'), { deduction: true }),
  money('net_payments', 'Net payments', total('gross_payments', 'refunds')),
  money('processing_fees', 'Processing fees', payments('processing_fee'), { deduction: true }),
  money('disputes', 'Disputes', payments('dispute', 'dispute_reversal')),
  money('payouts', 'Payouts', payments('payout')),
  money('ad_spend', 'Ad spend', marketing('spend')),
  {
    id: 'blended_roas',
    title: 'Blended ROAS',
    version: 1,
    unit: 'number',
    formula: ratio(['net_sales', 'shipping'], 'ad_spend'),
  },
];

/** Ids that an operating model may name without defining them. */
export const STANDARD_METRIC_IDS: readonly string[] = STANDARD_METRICS.map((metric) => metric.id);
