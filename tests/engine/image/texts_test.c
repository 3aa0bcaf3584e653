/*
 * The walk over all strings of a document.
 */
#include "image/texts.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct silt_arena arena;
static struct silt_texts texts;

static void begin(void)
{
    silt_texts_init(&texts, &arena);
}

static void end(void)
{
    silt_texts_clear(&texts);
    silt_arena_clear(&arena);
}

TestSuite(texts, .init = begin, .fini = end);

static void walk(const char *json)
{
    static const char *const except[] = {"left-out", NULL};
    const struct silt_document document = {SILT_ORIGIN_ANNOTATION, "p:", {0}, 7};
    struct silt_json *root;
    cr_assert_eq(silt_json_parse(silt_span_text(json), 8 << 20, &root, NULL), SILT_OK);
    cr_assert_eq(silt_texts_walk(&texts, &document, root, except, NULL), SILT_OK);
    silt_json_free(root);
}

static void expect_item(size_t index, const char *path, const char *text)
{
    cr_assert_lt(index, texts.items.count);
    const struct silt_document *item = silt_array_at(&texts.items, index);
    cr_expect_str_eq(item->path, path);
    cr_expect(silt_span_is_text(item->text, text), "%.*s", (int)item->text.size,
              (const char *)item->text.data);
    cr_expect_eq(item->history, 7);
}

Test(texts, every_string_with_its_key)
{
    walk("{\"a\":\"1\",\"left-out\":\"2\",\"list\":[\"x\",\"y\"],\"mixed\":[\"m\",{\"deep\":{\"left-out\":"
         "\"n\"}}],"
         "\"a-key-that-may-be-a-secret\":{},\"n\":5}");
    cr_assert_eq(texts.items.count, 5);
    expect_item(0, "p:a", "a=1");
    expect_item(1, "p:list", "list=x\ny");
    expect_item(2, "p:mixed/0", "m");
    expect_item(3, "p:mixed/1/deep/left-out", "left-out=n");
    expect_item(4, "p:a-key-that-may-be-a-secret", "a-key-that-may-be-a-secret");
}

Test(texts, digests_and_media_types_are_dull)
{
    char json[512], hex[65];
    memset(hex, 'a', 64);
    hex[64] = '\0';
    snprintf(json, sizeof json,
             "{\"digest\":\"sha256:%s\",\"mediaType\":\"application/x\",\"list\":[\"sha256:%s\"],"
             "\"other\":[\"sha256:%s\",\"text\"],\"inner\":{\"mediaType\":\"token\"}}",
             hex, hex, hex);
    walk(json);
    cr_expect_eq(texts.items.count, 2);
    const struct silt_document *last = silt_array_at(&texts.items, 1);
    cr_expect(silt_span_is_text(last->text, "mediaType=token"));
}

Test(texts, each_once)
{
    walk("{\"a\":\"1\",\"b\":{\"a\":\"1\"}}");
    walk("{\"a\":\"1\"}");
    cr_expect_eq(texts.items.count, 1);
}

Test(texts, deep_and_long_documents)
{
    enum { DEPTH = 500, KEY = 5000 };
    char *json = malloc(DEPTH * 8 + KEY + 64), *p = json;
    for (int i = 0; i < DEPTH; i++)
        p += sprintf(p, "{\"k\":");
    p += sprintf(p, "{\"");
    memset(p, 'x', KEY);
    p += KEY;
    p += sprintf(p, "\":\"v\"}");
    for (int i = 0; i < DEPTH; i++)
        *p++ = '}';
    *p = '\0';
    walk(json);
    cr_assert_eq(texts.items.count, 1);
    const struct silt_document *item = texts.items.items;
    cr_expect_eq(item->text.size, KEY + 2);
    cr_expect_leq(strlen(item->path), 512);
    free(json);
}

Test(texts, what_is_too_much_is_told)
{
    enum { SIZE = 30 << 20 };
    char *text = malloc(SIZE);
    const struct silt_document document = {SILT_ORIGIN_ENV, "p", silt_span_of(text, SIZE), -1};
    for (int i = 0; i < 3; i++) {
        memset(text, 'a' + i, SIZE);
        cr_assert_eq(silt_texts_put(&texts, &document, NULL), SILT_OK);
    }
    cr_expect_eq(texts.items.count, 2);
    cr_expect(texts.is_full);
    free(text);
}
