#include "archive/sevenz.h"

#include "maker.h"

static uint64_t need_of(const char *script)
{
    struct silt_buffer bytes = make(script);
    uint64_t need = 1;
    cr_assert_eq(silt_sevenz_need(silt_buffer_span(&bytes), 1 << 28, &need, NULL), SILT_OK);
    silt_buffer_clear(&bytes);
    return need;
}

#define FILES "head -c 4000000 /dev/zero > r; echo secret > a;"

Test(sevenz, dictionaries)
{
    cr_expect_eq(need_of(FILES "7z a -m0=lzma -md=1m out.7z r a; mv out.7z out"), 1 << 20);
    cr_expect_eq(need_of(FILES "7z a -m0=lzma2 -md=2m out.7z r a; mv out.7z out"), 2 << 20);
    cr_expect_eq(need_of(FILES "7z a -m0=ppmd:mem=22 out.7z r a; mv out.7z out"), 4 << 20);
    cr_expect_eq(need_of(FILES "7z a -m0=lzma -md=1m -mhc=off out.7z r a; mv out.7z out"), 1 << 20);
    cr_expect_eq(need_of(FILES "7z a -mx=0 out.7z a; mv out.7z out"), 0);
}

Test(sevenz, damaged_headers)
{
    struct silt_buffer bytes = make(FILES "7z a -m0=lzma -md=1m out.7z r a; mv out.7z out");
    struct silt_span span = silt_buffer_span(&bytes);
    uint64_t need;
    cr_expect_eq(silt_sevenz_need(silt_span_slice(span, 0, 100), 1 << 28, &need, NULL), SILT_OK);
    cr_expect_eq(need, 0); /* libarchive finds no header either */
    cr_expect_eq(silt_sevenz_need(silt_span_slice(span, 0, 10), 1 << 28, &need, NULL), SILT_OK);
    bytes.data[bytes.size - 20] ^= 0xff;
    cr_expect_eq(silt_sevenz_need(span, 1 << 28, &need, NULL), SILT_OK);
    cr_expect_eq(need, UINT64_MAX);
    silt_buffer_clear(&bytes);
}
