#include "archive/ledger.h"

#include "archive/putback.h"
#include "recorder.h"

/* Plays libarchive: pulls pieces, takes some bytes as content, leaves some for the next pull. */
Test(ledger, everything_that_is_no_content_is_gap)
{
    for (unsigned seed = 1; seed < 40; seed++) {
        uint8_t bytes[5000];
        bool is_content[sizeof bytes] = {false};
        unsigned random = seed;
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (uint8_t)(1 + i % 255);
        struct silt_stream *inner = pieces_open(silt_span_of(bytes, sizeof bytes), seed, SILT_END);
        struct silt_stream *input;
        cr_assert_eq(silt_putback_open(inner, &input, NULL), SILT_OK);
        struct silt_gap gap = {.runs.item_size = sizeof(struct silt_run)};
        struct silt_ledger ledger = {0};
        silt_ledger_open(&ledger, input, &gap, NULL);
        ledger.phase = SILT_LEDGER_STORED;
        struct silt_span chunk;
        uint64_t pulled = 0;
        uint64_t position = 0;
        while (position < 4000 && silt_ledger_pull(&ledger, position, &chunk) == SILT_OK) {
            pulled += chunk.size;
            while (position < pulled && rand_r(&random) % 4 != 0) {
                uint64_t size = (uint64_t)rand_r(&random) % (pulled - position + 1);
                if (rand_r(&random) % 2 == 0) {
                    cr_assert_eq(silt_ledger_content(&ledger, position, size), SILT_OK);
                    memset(is_content + position, true, (size_t)size);
                }
                position += size;
            }
        }
        cr_assert_eq(silt_ledger_close(&ledger, position), SILT_OK);
        uint64_t rest = input->offset;
        for (size_t i = 0, k = 0; i < rest; i++) {
            if (is_content[i])
                continue;
            while (k < gap.bytes.size && silt_gap_offset(&gap, k) != i)
                k++;
            cr_assert_lt(k, gap.bytes.size, "seed %u: byte %zu is lost", seed, i);
            cr_assert_eq(gap.bytes.data[k], bytes[i]);
        }
        cr_assert_eq(silt_stream_peek(input, 1, &chunk, NULL), rest < sizeof bytes ? SILT_OK : SILT_END);
        cr_expect(rest >= sizeof bytes || chunk.data[0] == bytes[rest]);
        silt_ledger_clear(&ledger);
        silt_gap_clear(&gap);
        silt_stream_free(input);
        silt_stream_free(inner);
    }
}

Test(ledger, a_header_that_wants_too_much_is_refused)
{
    static uint8_t bytes[8 * 1024 * 1024];
    memset(bytes, 'x', sizeof bytes);
    struct silt_stream *inner;
    struct silt_stream *input;
    cr_assert_eq(silt_memory_open(silt_span_of(bytes, sizeof bytes), &inner, NULL), SILT_OK);
    cr_assert_eq(silt_putback_open(inner, &input, NULL), SILT_OK);
    struct silt_gap gap = {.runs.item_size = sizeof(struct silt_run)};
    struct silt_ledger ledger = {0};
    struct silt_span chunk;
    silt_ledger_open(&ledger, input, &gap, NULL);
    enum silt_status status = SILT_OK;
    while (status == SILT_OK)
        status = silt_ledger_pull(&ledger, 0, &chunk);
    cr_expect_eq(status, SILT_ERR_LIMIT);
    cr_expect_leq(ledger.tail.size, 5 * 1024 * 1024);
    cr_assert_eq(silt_ledger_close(&ledger, 0), SILT_OK);
    cr_expect_eq(input->offset, 0);
    silt_ledger_clear(&ledger);
    silt_gap_clear(&gap);
    silt_stream_free(input);
    silt_stream_free(inner);
}
