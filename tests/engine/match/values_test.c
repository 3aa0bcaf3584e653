/*
 * Runs of value bytes: the same as the plainest way to find them gives.
 */
#include "match/values.h"

#include <criterion/criterion.h>
#include <ctype.h>
#include <stdlib.h>

static bool is_value(uint8_t byte)
{
    return isalnum(byte) || strchr("+-/_", byte) != NULL;
}

/* Holds each run against the definition in values.h. */
static void check(struct silt_span bytes)
{
    struct silt_values values;
    struct silt_values_run run;
    silt_values_begin(&values, bytes);
    for (size_t start = 0, end; start < bytes.size; start = end + 1) {
        size_t digits = 0, capitals = 0;
        for (end = start; end < bytes.size && bytes.data[end] != 0 && is_value(bytes.data[end]); end++) {
            digits += isdigit(bytes.data[end]) != 0;
            capitals += isupper(bytes.data[end]) != 0;
        }
        if (end - start < SILT_VALUES_RUN_MIN)
            continue;
        cr_assert(silt_values_next(&values, &run));
        cr_assert(run.start == start && run.end == end, "%zu to %zu, not %zu to %zu", run.start, run.end,
                  start, end);
        cr_assert_eq(silt_values_is_words(silt_span_slice(bytes, start, end - start)),
                     digits == 0 && capitals * 4 < end - start);
    }
    cr_assert_not(silt_values_next(&values, &run));
}

Test(values, are_those_of_the_definition)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789_-+/ \n\"=.:,\xc3\xbf";
    for (unsigned seed = 1; seed < 400; seed++) {
        unsigned state = seed;
        size_t size = (size_t)rand_r(&state) % 5000;
        /* From hardly any separators to very many. */
        unsigned dense = 1 + (unsigned)rand_r(&state) % 40;
        uint8_t *bytes = malloc(size + 1);
        for (size_t i = 0; i < size; i++) {
            bool is_break = (unsigned)rand_r(&state) % dense == 0;
            bytes[i] = is_break ? (uint8_t)letters[48 + (size_t)rand_r(&state) % 9]
                                : (uint8_t)letters[(size_t)rand_r(&state) % 48];
        }
        check(silt_span_of(bytes, size));
        free(bytes);
    }
}
