/*
 * marvin_test.c: the vectors of dotnet/runtime (src/libraries/Common/tests/Tests/System/MarvinTests.cs).
 */
#include "confirm/marvin.h"

#include <criterion/criterion.h>

Test(marvin, gives_the_published_values)
{
    static const struct {
        uint64_t seed;
        const char *bytes;
        size_t size;
        uint64_t hash;
    } vectors[] = {
        {0x004fb61a001bdbcc, "", 0, 0x30ed35c100cd3c7d},
        {0x004fb61a001bdbcc, "\xaf", 1, 0x48e73fc77d75ddc1},
        {0x004fb61a001bdbcc, "\xe7\x0f", 2, 0xb5f6e1fc485dbff8},
        {0x004fb61a001bdbcc, "\x37\xf4\x95", 3, 0xf0b07c789b8cf7e8},
        {0x004fb61a001bdbcc, "\x86\x42\xdc\x59", 4, 0x7008f2e87e9cf556},
        {0x004fb61a001bdbcc, "\x15\x3f\xb7\x98\x26", 5, 0xe6c08c6da2afa997},
        {0x004fb61a001bdbcc, "\xab\x42\x7e\xa8\xd1\x0f\xc7", 7, 0xe11847e4f0678c41},
        {0x804fb61a001bdbcc, "\xaf", 1, 0x68201f91960ebf91},
        {0x804fb61a801bdbcc, "\x00\xff", 2, 0xa638e75700048880},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        cr_expect_eq(silt_marvin_64(vectors[i].seed, silt_span_of(vectors[i].bytes, vectors[i].size)),
                     vectors[i].hash, "vector %zu", i);
}
