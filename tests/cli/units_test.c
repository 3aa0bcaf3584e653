/*
 * units_test.c: sizes, durations and counts, read and written.
 */
#include "units.h"

#include <criterion/criterion.h>

Test(units, read_sizes)
{
    static const struct {
        const char *text;
        uint64_t bytes;
    } good[] = {{"0", 0},     {"none", 0},   {"17", 17},        {"17B", 17},
                {"1k", 1024}, {"2KB", 2048}, {"3MiB", 3 << 20}, {"15T", UINT64_C(15) << 40}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t bytes;
        cr_expect(silt_units_parse_size(good[i].text, &bytes) && bytes == good[i].bytes, "%s", good[i].text);
    }
    static const char *const bad[] = {
        "", "K", "-1", "1.5G", "1 G", "1GG", "1iB", "18446744073709551616", "99999999T", "1P"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t bytes;
        cr_expect_not(silt_units_parse_size(bad[i], &bytes), "%s", bad[i]);
    }
}

Test(units, read_durations)
{
    static const struct {
        const char *text;
        uint64_t ms;
    } good[] = {{"none", 0},    {"90", 90000},  {"90s", 90000},
                {"250ms", 250}, {"5m", 300000}, {"1h30m5s", 5405000}};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        uint64_t ms;
        cr_expect(silt_units_parse_duration(good[i].text, &ms) && ms == good[i].ms, "%s", good[i].text);
    }
    static const char *const bad[] = {"", "s", "5d", "1h30", "-5s", "5s 3m", "99999999999999999999h"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint64_t ms;
        cr_expect_not(silt_units_parse_duration(bad[i], &ms), "%s", bad[i]);
    }
}

Test(units, write)
{
    char out[SILT_UNITS_TEXT_SIZE];
    cr_expect_str_eq(silt_units_print_size(0, out), "0 B");
    cr_expect_str_eq(silt_units_print_size(1023, out), "1023 B");
    cr_expect_str_eq(silt_units_print_size(1536, out), "1.5 KiB");
    cr_expect_str_eq(silt_units_print_size(UINT64_C(1500000000), out), "1.4 GiB");
    cr_expect_str_eq(silt_units_print_size(UINT64_MAX, out), "16.0 EiB");
    cr_expect_str_eq(silt_units_print_duration(940, out), "940 ms");
    cr_expect_str_eq(silt_units_print_duration(2540, out), "2.5 s");
    cr_expect_str_eq(silt_units_print_duration(247000, out), "4 m 07 s");
    cr_expect_str_eq(silt_units_print_count(0, out), "0");
    cr_expect_str_eq(silt_units_print_count(999, out), "999");
    cr_expect_str_eq(silt_units_print_count(1234567, out), "1,234,567");
    cr_expect_str_eq(silt_units_print_count(UINT64_MAX, out), "18,446,744,073,709,551,615");
}
