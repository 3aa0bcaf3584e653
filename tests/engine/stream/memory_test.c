/*
 * A stream over memory keeps the contract, in place.
 */
#include "stream/memory.h"

#include "engine/stream/contract.h"

Test(memory, contract)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct silt_buffer bytes = sample_bytes(seed * seed * 300, seed);
        struct silt_stream *stream;
        cr_assert_eq(silt_memory_open(silt_buffer_span(&bytes), &stream, NULL), SILT_OK);
        contract_check(stream, silt_buffer_span(&bytes), SILT_END, SILT_STREAM_PEEK_MAX, seed);
        silt_stream_free(stream);
        silt_buffer_clear(&bytes);
    }
}
