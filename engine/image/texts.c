/*
 * texts.c: every string of a JSON document is text that may hold a secret.
 */
#include "image/texts.h"

#include "base/buffer.h"
#include "base/error.h"

#include <stdio.h>

/* A longer path is cut: the text itself holds the key. */
enum { PATH_SIZE = 512, KEY_ALONE_MIN = 16, MEDIA_TYPE_MAX = 128 };

/* One container on the way down. */
struct level {
    const struct silt_json *value;
    void *iterator;   /* of an object */
    size_t index;     /* into an array */
    size_t path_size; /* of its own path */
};

struct walk {
    struct silt_texts *texts;
    const struct silt_document *document;
    struct silt_buffer path;
    struct silt_array levels;
};

void silt_texts_init(struct silt_texts *texts, struct silt_arena *arena)
{
    memset(texts, 0, sizeof *texts);
    texts->arena = arena;
    texts->items.item_size = sizeof(struct silt_document);
}

void silt_texts_clear(struct silt_texts *texts)
{
    silt_array_clear(&texts->items);
}

bool silt_texts_is_new(struct silt_texts *texts, struct silt_span text)
{
    struct silt_digest digest;
    silt_digest_of(text, &digest);
    size_t slot = ((size_t)digest.bytes[0] << 8 | digest.bytes[1]) % SILT_TEXTS_SEEN;
    if (silt_digest_equal(&texts->seen[slot], &digest))
        return false;
    texts->seen[slot] = digest;
    return true;
}

enum silt_status silt_texts_put(struct silt_texts *texts, const struct silt_document *document,
                                struct silt_error *error)
{
    if (document->text.size == 0 || !silt_texts_is_new(texts, document->text))
        return SILT_OK;
    if (texts->arena->used + document->text.size > SILT_TEXTS_MAX) {
        texts->is_full = true;
        return SILT_OK;
    }
    const char *text = silt_arena_copy(texts->arena, document->text);
    struct silt_span path = silt_span_slice(silt_span_text(document->path), 0, PATH_SIZE);
    const char *path_copy = silt_arena_copy(texts->arena, path);
    struct silt_document *item = silt_array_put(&texts->items);
    if (text == NULL || path_copy == NULL || item == NULL) {
        silt_texts_drop(texts, texts->items.count - (item != NULL));
        return silt_error_memory(error);
    }
    *item = *document;
    item->path = path_copy;
    item->text = silt_span_of(text, document->text.size);
    return SILT_OK;
}

static enum silt_status put_buffer(struct silt_texts *texts, const struct silt_document *document,
                                   const struct silt_buffer *text, struct silt_error *error)
{
    struct silt_document full = *document;
    full.text = silt_buffer_span(text);
    return silt_texts_put(texts, &full, error);
}

enum silt_status silt_texts_put_pair(struct silt_texts *texts, const struct silt_document *document,
                                     struct silt_span key, struct silt_span value, struct silt_error *error)
{
    struct silt_buffer text = {0};
    enum silt_status status = silt_buffer_append(&text, key, error);
    if (status == SILT_OK && key.size > 0)
        status = silt_buffer_append(&text, silt_span_text("="), error);
    if (status == SILT_OK)
        status = silt_buffer_append(&text, value, error);
    if (status == SILT_OK)
        status = put_buffer(texts, document, &text, error);
    silt_buffer_wipe(&text);
    return status;
}

enum silt_status silt_texts_put_list(struct silt_texts *texts, const struct silt_document *document,
                                     const char *key, const struct silt_json *list, char separator,
                                     struct silt_error *error)
{
    struct silt_buffer text = {0};
    enum silt_status status = silt_buffer_append(&text, silt_span_text(key), error);
    if (status == SILT_OK && key[0] != '\0')
        status = silt_buffer_append(&text, silt_span_text("="), error);
    for (size_t i = 0; i < silt_json_count(list) && status == SILT_OK; i++) {
        if (i > 0)
            status = silt_buffer_append(&text, silt_span_of(&separator, 1), error);
        if (status == SILT_OK)
            status = silt_buffer_append(&text, silt_json_text(silt_json_at(list, i)), error);
    }
    if (status == SILT_OK && silt_json_count(list) > 0)
        status = put_buffer(texts, document, &text, error);
    silt_buffer_wipe(&text);
    return status;
}

/* What only says which bytes are meant, or of what kind they are. */
static bool is_dull(const char *key, struct silt_span value)
{
    struct silt_digest digest;
    bool is_type = strcmp(key, "mediaType") == 0 && value.size <= MEDIA_TYPE_MAX &&
                   silt_span_has_prefix(value, "application/");
    return is_type || silt_digest_parse(value, &digest);
}

/* Whether a value is an array of strings; *all_dull, whether they are all digests. */
static bool is_list_of_strings(const struct silt_json *value, bool *all_dull)
{
    bool is_list = silt_json_is_array(value) && silt_json_count(value) > 0;
    *all_dull = is_list;
    for (size_t i = 0; is_list && i < silt_json_count(value); i++) {
        const struct silt_json *item = silt_json_at(value, i);
        is_list = silt_json_is_string(item);
        *all_dull = *all_dull && is_list && is_dull("", silt_json_text(item));
    }
    return is_list;
}

static bool is_named(const char *const *names, const char *name)
{
    for (; names != NULL && *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

/* Appends "/name" to the path, cut where it grows too long. */
static enum silt_status extend_path(struct walk *walk, const char *name, struct silt_error *error)
{
    struct silt_span part = silt_span_text(name);
    size_t room = walk->path.size < PATH_SIZE ? PATH_SIZE - walk->path.size : 0;
    bool has_colon_end = walk->path.size > 0 && walk->path.data[walk->path.size - 1] == ':';
    enum silt_status status = SILT_OK;
    if (!has_colon_end)
        status = silt_buffer_append(&walk->path, silt_span_text("/"), error);
    return status == SILT_OK ? silt_buffer_append(&walk->path, silt_span_slice(part, 0, room), error)
                             : status;
}

static enum silt_status enter(struct walk *walk, const struct silt_json *value, struct silt_error *error)
{
    struct level *level = silt_array_put(&walk->levels);
    if (level == NULL)
        return silt_error_memory(error);
    level->value = value;
    level->path_size = walk->path.size;
    return SILT_OK;
}

/* Takes one value whose path is the walk's path. `key` is "" for an item of an array. */
static enum silt_status take_value(struct walk *walk, const char *key, const struct silt_json *value,
                                   struct silt_error *error)
{
    struct silt_document document = *walk->document;
    struct silt_span text = silt_json_text(value), name = silt_span_text(key);
    char path[PATH_SIZE + 1];
    snprintf(path, sizeof path, "%.*s", (int)walk->path.size, (const char *)walk->path.data);
    document.path = path;
    bool all_dull;
    if (is_list_of_strings(value, &all_dull))
        return all_dull ? SILT_OK : silt_texts_put_list(walk->texts, &document, key, value, '\n', error);
    if (text.data != NULL)
        return is_dull(key, text) ? SILT_OK : silt_texts_put_pair(walk->texts, &document, name, text, error);
    enum silt_status status = SILT_OK;
    if (name.size >= KEY_ALONE_MIN)
        status = silt_texts_put_pair(walk->texts, &document, (struct silt_span){0}, name, error);
    if (status == SILT_OK && silt_json_count(value) > 0)
        status = enter(walk, value, error);
    return status;
}

/* The next value of the deepest level; false at its end. */
static bool next_value(struct level *level, const char **key, char number[24], const struct silt_json **value)
{
    if (silt_json_is_object(level->value))
        return silt_json_next(level->value, &level->iterator, key, value);
    if (level->index >= silt_json_count(level->value))
        return false;
    snprintf(number, 24, "%zu", level->index);
    *key = number;
    *value = silt_json_at(level->value, level->index++);
    return true;
}

static enum silt_status walk_step(struct walk *walk, const char *const *except, struct silt_error *error)
{
    struct level *level = silt_array_at(&walk->levels, walk->levels.count - 1);
    const struct silt_json *value;
    const char *key;
    char number[24];
    walk->path.size = level->path_size;
    if (!next_value(level, &key, number, &value)) {
        walk->levels.count--;
        return SILT_OK;
    }
    if (walk->levels.count == 1 && is_named(except, key))
        return SILT_OK;
    enum silt_status status = extend_path(walk, key, error);
    return status == SILT_OK ? take_value(walk, key == number ? "" : key, value, error) : status;
}

enum silt_status silt_texts_walk(struct silt_texts *texts, const struct silt_document *document,
                                 const struct silt_json *value, const char *const *except,
                                 struct silt_error *error)
{
    struct walk walk = {texts, document, {0}, {.item_size = sizeof(struct level)}};
    enum silt_status status = silt_buffer_append(&walk.path, silt_span_text(document->path), error);
    if (status == SILT_OK && silt_json_count(value) > 0)
        status = enter(&walk, value, error);
    while (walk.levels.count > 0 && status == SILT_OK)
        status = walk_step(&walk, except, error);
    silt_buffer_clear(&walk.path);
    silt_array_clear(&walk.levels);
    return status;
}

enum silt_status silt_texts_take(struct silt_texts *texts, struct silt_document **documents, size_t *count,
                                 struct silt_error *error)
{
    size_t added = texts->items.count;
    if (added == 0)
        return SILT_OK;
    struct silt_document *all = silt_arena_take(texts->arena, (*count + added) * sizeof *all);
    if (all == NULL)
        return silt_error_memory(error);
    if (*count > 0)
        memcpy(all, *documents, *count * sizeof *all);
    memcpy(all + *count, texts->items.items, added * sizeof *all);
    *documents = all;
    *count += added;
    silt_texts_drop(texts, 0);
    return SILT_OK;
}

void silt_texts_drop(struct silt_texts *texts, size_t count)
{
    texts->items.count = count;
    memset(texts->seen, 0, sizeof texts->seen);
}
