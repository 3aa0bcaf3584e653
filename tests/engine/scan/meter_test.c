/*
 * Meters: a sample that is bounded and spread over all windows; counts a rule.
 */
#include "scan/meter.h"

#include <criterion/criterion.h>

static struct silt_meter meter;

static void set_up(void)
{
    cr_assert_eq(silt_meter_init(&meter, 2, NULL), SILT_OK);
}

static void tear_down(void)
{
    silt_meter_clear(&meter);
}

TestSuite(meter, .init = set_up, .fini = tear_down);

static void put_windows(unsigned count, size_t size)
{
    static uint8_t window[1 << 20];
    for (unsigned i = 0; i < count; i++) {
        memcpy(window, &i, sizeof i);
        cr_assert_eq(silt_meter_put_window(&meter, silt_span_of(window, size), size - 10, NULL), SILT_OK);
    }
}

static unsigned number_at(size_t index)
{
    unsigned number;
    memcpy(&number, ((struct silt_buffer *)silt_array_at(&meter.windows, index))->data, sizeof number);
    return number;
}

Test(meter, keeps_all_of_what_is_little)
{
    put_windows(15, 1 << 20);
    cr_expect_eq(meter.windows.count, 15);
    cr_expect_eq(meter.sample_bytes, 15 << 20);
    cr_expect_eq(meter.bytes, 15 * ((1 << 20) - 10));
}

Test(meter, keeps_a_sample_that_is_spread_evenly)
{
    put_windows(1000, 1 << 20);
    cr_expect_leq(meter.sample_bytes, SILT_METER_SAMPLE_MAX);
    cr_expect_gt(meter.sample_bytes, SILT_METER_SAMPLE_MAX / 4);
    uint64_t total = 0;
    for (size_t i = 0; i < meter.windows.count; i++) {
        cr_expect_eq(number_at(i), i * meter.every);
        total += ((struct silt_buffer *)silt_array_at(&meter.windows, i))->size;
    }
    cr_expect_eq(total, meter.sample_bytes);
    cr_expect_gt(number_at(meter.windows.count - 1), 900);
}

Test(meter, counts_candidates_of_each_rule)
{
    uint64_t start_ns = silt_meter_now_ns();
    while (silt_meter_now_ns() - start_ns < 2000000) {
    }
    silt_meter_put_candidate(&meter, 1, start_ns, 3);
    silt_meter_put_candidate(&meter, 1, silt_meter_now_ns(), 0);
    cr_expect_eq(meter.counts[0].candidates, 0);
    cr_expect_eq(meter.counts[1].candidates, 2);
    cr_expect_eq(meter.counts[1].confirmed, 3);
    cr_expect_geq(meter.counts[1].confirm_ns, 1900000);
}
