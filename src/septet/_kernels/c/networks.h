/* networks.h: the rates of numbers whose network is known. */
#ifndef SEPTET_NETWORKS_H
#define SEPTET_NETWORKS_H

#include <stddef.h>
#include <stdint.h>

/* Replace the rates of rows that are lines of a table by those in the column of the row's network.
 *
 * `columns` has the column of each of `network_count` networks. A row without a column stops the loop;
 * its index is returned, or `count`.
 */
static ptrdiff_t septet_choose_by_network(int32_t *rates, const int32_t *networks, ptrdiff_t count,
                                          const int32_t *columns, ptrdiff_t network_count,
                                          const int32_t *table, ptrdiff_t line_count, ptrdiff_t column_count)
{
    ptrdiff_t row;
    for (row = 0; row < count; row++) {
        const int32_t network = networks[row], rate = rates[row];
        int32_t column;
        if (network < 0 || network >= network_count)
            break;
        column = columns[network];
        if (column < 0 || column >= column_count)
            break;
        if (rate >= 0 && rate < line_count)
            rates[row] = table[rate * column_count + column];
    }
    return row;
}

#endif
