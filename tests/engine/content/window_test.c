/*
 * The truth about windows: however content is cut, the parts (first, last] are the content, the margins are
 * right, and so are lines and raw offsets.
 */
#include "content/window.h"

#include "engine/stream/contract.h"
#include "stream/memory.h"

/* What a content should come out as. `raw` may be NULL (bytes) or say where each decoded byte's character
 * begins. */
struct truth {
    struct silt_span text;
    const uint32_t *raw;
    uint64_t raw_size;
    enum silt_encoding encoding;
};

static void check_window(struct silt_windower *windower, const struct silt_window *window,
                         const struct truth *truth, size_t at, size_t window_size)
{
    size_t slack = truth->encoding == SILT_ENCODING_BYTES ? 0 : 3, size = truth->text.size;
    size_t first = (size_t)window->offset + window->first, last = (size_t)window->offset + window->last;
    size_t end = (size_t)window->offset + window->size;
    cr_assert_eq(first, at);
    cr_assert_eq(window->encoding, truth->encoding);
    cr_assert(last > first && last <= size && end <= size);
    cr_assert(last - first <= window_size || (slack > 0 && last - first <= 4), "%zu for %zu", last - first,
              window_size);
    cr_assert(last - first + slack >= window_size || last == size, "%zu for %zu at %zu of %zu", last - first,
              window_size, at, size);
    cr_assert_eq(memcmp(window->bytes, truth->text.data + window->offset, window->size), 0);
    cr_assert(window->first <= SILT_WINDOW_MARGIN + slack);
    cr_assert(window->first >= SILT_WINDOW_MARGIN || window->offset == 0);
    cr_assert(end - last >= SILT_WINDOW_MARGIN || end == size, "%zu after, at %zu of %zu", end - last, end,
              size);
    cr_assert(end - last <= SILT_WINDOW_MARGIN + slack);
    for (size_t i = 0; i < window->size && truth->raw != NULL; i += 1 + i / 3)
        cr_assert_eq(silt_windower_raw_offset(windower, window, i), truth->raw[window->offset + i]);
    cr_assert_eq(silt_windower_raw_offset(windower, window, window->size),
                 truth->raw == NULL || end == size ? (truth->raw == NULL ? end : truth->raw_size)
                                                   : truth->raw[end]);
}

static void check_line(const struct silt_window *window, struct silt_span text, size_t *counted,
                       uint64_t *line, uint64_t *line_start)
{
    for (; *counted < window->offset; ++*counted)
        if (text.data[*counted] == '\n') {
            ++*line;
            *line_start = *counted + 1;
        }
    cr_assert_eq(window->line, *line);
    cr_assert_eq(window->line_start, *line_start);
}

static void check(struct silt_windower *windower, struct silt_span content, const struct truth *truth,
                  size_t window_size, size_t piece_max, enum silt_status behind, uint64_t seed)
{
    struct silt_stream *stream = pieces_open(content, piece_max, seed, behind);
    struct silt_window window;
    struct silt_error error = {0};
    size_t at = 0, counted = 0;
    uint64_t line = 1, line_start = 0;
    enum silt_status status;
    silt_windower_set_size(windower, window_size);
    silt_windower_open(windower, stream);
    while ((status = silt_windower_next(windower, &window, &error)) == SILT_OK) {
        check_window(windower, &window, truth, at, window_size);
        check_line(&window, truth->text, &counted, &line, &line_start);
        at = (size_t)window.offset + window.last;
    }
    cr_assert_eq(at, truth->text.size, "%zu of %zu came out", at, truth->text.size);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(status, behind);
        cr_assert_eq(error.message[0] != '\0', behind != SILT_END);
        status = silt_windower_next(windower, &window, &error);
    }
    cr_assert_eq(silt_windower_consumed(windower), content.size);
    cr_assert_eq(stream->offset, content.size);
    silt_stream_free(stream);
}

static struct silt_windower *new_windower(void)
{
    struct silt_windower *windower = NULL;
    cr_assert_eq(silt_windower_new(&windower, NULL), SILT_OK);
    return windower;
}

Test(window, bytes_cut_at_random, .timeout = 120)
{
    struct silt_windower *windower = new_windower();
    uint64_t seed = 1;
    for (int run = 0; run < 150; run++) {
        static const size_t bounds[] = {10, 3000, 60000, 65536, 70000, 150000};
        static const size_t piece_sizes[] = {1, 100, 100000};
        size_t size = random_below(&seed, bounds[run % 6] + 1);
        size_t window_size = 1 + random_below(&seed, size > 20000 ? 20000 : 5000);
        struct silt_buffer content = sample_bytes(size, (uint64_t)run);
        struct truth truth = {silt_buffer_span(&content), NULL, size, SILT_ENCODING_BYTES};
        check(windower, truth.text, &truth, window_size, piece_sizes[run % 3],
              run % 5 == 0 ? SILT_ERR_CORRUPT : SILT_END, (uint64_t)run);
        silt_buffer_clear(&content);
    }
    silt_windower_free(windower);
}

Test(window, sizes_around_the_edges)
{
    static const size_t edges[] = {SILT_STREAM_PEEK_MAX, SILT_WINDOW_SIZE,
                                   SILT_WINDOW_SIZE + SILT_WINDOW_MARGIN, 2 * SILT_WINDOW_SIZE,
                                   2 * SILT_WINDOW_SIZE + SILT_WINDOW_MARGIN};
    struct silt_windower *windower = new_windower();
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        for (size_t size = edges[i] - 1; size <= edges[i] + 1; size++) {
            struct silt_buffer content = sample_bytes(size, size);
            struct truth truth = {silt_buffer_span(&content), NULL, size, SILT_ENCODING_BYTES};
            check(windower, truth.text, &truth, SILT_WINDOW_SIZE, 300000, SILT_END, size);
            silt_buffer_clear(&content);
        }
    silt_windower_free(windower);
}

Test(window, empty)
{
    struct silt_windower *windower = new_windower();
    struct truth truth = {silt_span_text(""), NULL, 0, SILT_ENCODING_BYTES};
    check(windower, truth.text, &truth, 10, 10, SILT_END, 1);
    check(windower, truth.text, &truth, 10, 10, SILT_ERR_IO, 1);
    silt_windower_free(windower);
}

/* Small content costs no copy and one window. */
Test(window, small_content_in_place)
{
    struct silt_windower *windower = new_windower();
    struct silt_buffer content = sample_bytes(SILT_STREAM_PEEK_MAX - 1, 7);
    struct silt_stream *stream;
    struct silt_window window;
    cr_assert_eq(silt_memory_open(silt_buffer_span(&content), &stream, NULL), SILT_OK);
    silt_windower_open(windower, stream);
    cr_assert_eq(silt_windower_next(windower, &window, NULL), SILT_OK);
    cr_expect_eq(window.bytes, content.data);
    cr_expect_eq(window.size, content.size);
    cr_expect_eq(window.last, content.size);
    cr_expect_eq(silt_windower_next(windower, &window, NULL), SILT_END);
    silt_stream_free(stream);
    silt_buffer_clear(&content);
    silt_windower_free(windower);
}

/* A content that is left in the middle does not touch the next one, nor the old stream again. */
Test(window, opened_anew_in_the_middle)
{
    struct silt_windower *windower = new_windower();
    for (size_t size = 50000; size < 200000; size += 100000) {
        struct silt_buffer content = sample_bytes(size, 3);
        struct silt_stream *stream = pieces_open(silt_buffer_span(&content), 10000, 1, SILT_END);
        struct silt_window window;
        silt_windower_set_size(windower, 1000);
        silt_windower_open(windower, stream);
        for (int i = 0; i < 3; i++)
            cr_assert_eq(silt_windower_next(windower, &window, NULL), SILT_OK);
        silt_stream_free(stream);
        struct truth truth = {silt_span_text("line one\nline two\n"), NULL, 18, SILT_ENCODING_BYTES};
        check(windower, truth.text, &truth, 5, 3, SILT_END, 1);
        silt_buffer_clear(&content);
    }
    silt_windower_free(windower);
}

/* UTF-16 made together with the UTF-8 and the map that must come out of it. */
struct utf16 {
    struct silt_buffer raw, text;
    uint32_t *map;
    bool is_big;
};

static void put_unit(struct utf16 *utf16, unsigned unit)
{
    uint8_t low = (uint8_t)unit, high = (uint8_t)(unit >> 8);
    uint8_t bytes[2] = {utf16->is_big ? high : low, utf16->is_big ? low : high};
    cr_assert_eq(silt_buffer_append(&utf16->raw, silt_span_of(bytes, 2), NULL), SILT_OK);
}

static void put_text(struct utf16 *utf16, const char *text)
{
    for (size_t i = 0; i < strlen(text); i++)
        utf16->map[utf16->text.size + i] = (uint32_t)utf16->raw.size;
    cr_assert_eq(silt_buffer_append(&utf16->text, silt_span_text(text), NULL), SILT_OK);
}

static void put_any(struct utf16 *utf16, uint64_t *seed)
{
    static const struct {
        const char *text;
        unsigned units[2];
    } pool[] = {{"a", {'a'}},
                {"=", {'='}},
                {"\n", {'\n'}},
                {"7", {'7'}},
                {"Z", {'Z'}},
                {"_", {'_'}},
                {" ", {' '}},
                {"\xc3\xa9", {0xe9}},
                {"\xe4\xb8\xad", {0x4e2d}},
                {"\xf0\x9f\x94\x91", {0xd83d, 0xdd11}}};
    size_t pick = random_below(seed, sizeof pool / sizeof pool[0]);
    put_text(utf16, pool[pick].text);
    put_unit(utf16, pool[pick].units[0]);
    if (pool[pick].units[1] != 0)
        put_unit(utf16, pool[pick].units[1]);
}

static struct utf16 make_utf16(size_t characters, bool is_big, bool is_marked, uint64_t seed)
{
    struct utf16 utf16 = {.is_big = is_big, .map = malloc((characters + 20) * 4 * sizeof(uint32_t))};
    cr_assert_not_null(utf16.map);
    seed = seed * 2 + 1;
    if (is_marked)
        put_unit(&utf16, 0xfeff);
    for (int i = 0; i < 8; i++) { /* so that it is text to begin with */
        put_text(&utf16, "k");
        put_unit(&utf16, 'k');
    }
    for (size_t i = 0; i < characters; i++)
        put_any(&utf16, &seed);
    return utf16;
}

Test(window, utf16_cut_at_random, .timeout = 120)
{
    struct silt_windower *windower = new_windower();
    uint64_t seed = 5;
    for (int run = 0; run < 60; run++) {
        static const size_t bounds[] = {20, 2000, 32768, 60000};
        static const size_t piece_sizes[] = {1, 3, 1000, 100000};
        struct utf16 utf16 =
            make_utf16(random_below(&seed, bounds[run % 4]), run % 2 == 1, run % 3 != 0, (uint64_t)run);
        struct truth truth = {silt_buffer_span(&utf16.text), utf16.map, utf16.raw.size,
                              utf16.is_big ? SILT_ENCODING_UTF16BE : SILT_ENCODING_UTF16LE};
        size_t window_size = run % 10 == 0 ? 1 + random_below(&seed, 9) + utf16.text.size / 500
                                           : 1 + random_below(&seed, 5000);
        check(windower, silt_buffer_span(&utf16.raw), &truth, window_size, piece_sizes[run / 4 % 4], SILT_END,
              (uint64_t)run);
        free(utf16.map);
        silt_buffer_clear(&utf16.text);
        silt_buffer_clear(&utf16.raw);
    }
    silt_windower_free(windower);
}

Test(window, utf16_with_an_odd_end)
{
    struct silt_windower *windower = new_windower();
    struct utf16 utf16 = make_utf16(10, false, true, 3);
    put_text(&utf16, "\xef\xbf\xbd");
    cr_assert_eq(silt_buffer_append(&utf16.raw, silt_span_text("x"), NULL), SILT_OK);
    struct truth truth = {silt_buffer_span(&utf16.text), utf16.map, utf16.raw.size, SILT_ENCODING_UTF16LE};
    check(windower, silt_buffer_span(&utf16.raw), &truth, 7, 2, SILT_END, 1);
    free(utf16.map);
    silt_buffer_clear(&utf16.text);
    silt_buffer_clear(&utf16.raw);
    silt_windower_free(windower);
}
