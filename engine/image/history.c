/*
 * history.c: which instruction made which layer, and what the instructions say.
 */
#include "image/history.h"

#include "base/buffer.h"
#include "base/error.h"
#include "image/member.h"

#include <ctype.h>
#include <stdio.h>

enum { FIND_WORK_MAX = 64 << 20, PATH_SIZE = 64, DATE_SIZE = 40, ARGUMENTS_MAX = 256 };

static enum silt_status read_entry(struct silt_reader *reader, struct silt_history *out,
                                   const struct silt_json *item, struct silt_error *error)
{
    struct silt_arena *arena = &reader->catalog->arena;
    bool ok = true;
    out->created_by = silt_member_copy(item, "created_by", arena, &ok);
    out->comment = silt_member_copy(item, "comment", arena, &ok);
    out->created = silt_member_copy(item, "created", arena, &ok);
    out->author = silt_member_copy(item, "author", arena, &ok);
    out->is_empty = silt_json_boolean(silt_member_get(item, "empty_layer"), false);
    out->layer = -1;
    return ok ? SILT_OK : silt_error_memory(error);
}

enum silt_status silt_history_read(struct silt_reader *reader, struct silt_manifest *manifest,
                                   const struct silt_json *list, struct silt_error *error)
{
    size_t count = silt_json_is_array(list) ? silt_json_count(list) : 0;
    if (count == 0)
        return SILT_OK;
    manifest->history = silt_arena_take(&reader->catalog->arena, count * sizeof *manifest->history);
    if (manifest->history == NULL)
        return silt_error_memory(error);
    enum silt_status status = SILT_OK;
    for (size_t i = 0; i < count && status == SILT_OK; i++)
        status = read_entry(reader, &manifest->history[i], silt_json_at(list, i), error);
    manifest->history_count = count;
    return status;
}

bool silt_history_link(struct silt_manifest *manifest, size_t layer_count)
{
    size_t made = 0;
    for (size_t i = 0; i < manifest->history_count; i++)
        made += !manifest->history[i].is_empty;
    if (made != layer_count)
        return manifest->history_count == 0;
    int layer = -1;
    for (size_t i = 0; i < manifest->history_count; i++) {
        struct silt_history *entry = &manifest->history[i];
        if (!entry->is_empty)
            manifest->blobs[++layer].history = (int)i;
        entry->layer = layer;
    }
    return true;
}

/* The instruction without the shell that classic builders put in front: "/bin/sh -c #(nop)  ENV A=b". */
static const char *bare_instruction(const char *created_by)
{
    static const char mark[] = "#(nop)";
    const char *nop = strstr(created_by, mark);
    if (nop != NULL)
        created_by = nop + strlen(mark);
    return created_by + strspn(created_by, " ");
}

/* Whether NAME= or "NAME"= stands in the text as a word. */
static bool sets_name(const char *text, const char *name)
{
    size_t size = strlen(name);
    for (const char *p = strstr(text, name); p != NULL; p = strstr(p + 1, name)) {
        bool starts = p[-1] == ' ' || p[-1] == '"' || p[-1] == '\t';
        const char *end = p + size + (p[size] == '"');
        if (starts && *end == '=')
            return true;
    }
    return false;
}

int silt_history_find(struct silt_reader *reader, const struct silt_manifest *manifest, const char *keyword,
                      const char *name)
{
    size_t keyword_size = strlen(keyword);
    if (name != NULL && name[0] == '\0')
        return -1;
    for (size_t i = manifest->history_count; i-- > 0;) {
        const char *text = manifest->history[i].created_by != NULL ? manifest->history[i].created_by : "";
        reader->find_work += strlen(text) + 1;
        if (reader->find_work > FIND_WORK_MAX)
            return -1;
        text = bare_instruction(text);
        if (strncmp(text, keyword, keyword_size) != 0 || text[keyword_size] != ' ')
            continue;
        if (name == NULL || sets_name(text + keyword_size + 1, name))
            return (int)i;
    }
    return -1;
}

/* Build arguments in front of an instruction: where they start, and where the instruction itself does. */
struct arguments {
    size_t start, end;
    size_t starts[ARGUMENTS_MAX + 1]; /* of each, and where the last one ends */
    size_t count;
};

static size_t name_size(struct silt_span text, size_t at)
{
    size_t i = at;
    while (i < text.size && (isalnum(text.data[i]) || text.data[i] == '_'))
        i++;
    return i > at && i < text.size && text.data[i] == '=' ? i - at : 0;
}

static size_t find_text(struct silt_span text, size_t at, const char *what)
{
    const uint8_t *found = at < text.size ? memmem(text.data + at, text.size - at, what, strlen(what)) : NULL;
    return found != NULL ? (size_t)(found - text.data) : text.size;
}

/* Where the last argument ends: in front of the shell, else of any absolute path, else of the next word. */
static size_t find_shell(struct silt_span text, size_t at)
{
    size_t end = find_text(text, at, " /bin/");
    if (end == text.size)
        end = find_text(text, at, " /");
    return end == text.size ? find_text(text, at, " ") : end;
}

/* Finds "|N A=b C=d"; false if the text has another form. Values may hold spaces: an argument reaches to the
 * next word of the form NAME=, N times. */
static bool find_arguments(struct silt_span text, struct arguments *out)
{
    size_t at = silt_span_has_prefix(text, "RUN ") ? 4 : 0;
    size_t wanted = 0;
    *out = (struct arguments){0};
    if (at >= text.size || text.data[at] != '|')
        return false;
    for (at++; at < text.size && isdigit(text.data[at]) && wanted <= ARGUMENTS_MAX; at++)
        wanted = wanted * 10 + (size_t)(text.data[at] - '0');
    out->start = ++at;
    while (out->count < wanted && out->count < ARGUMENTS_MAX && name_size(text, at) > 0) {
        out->starts[out->count++] = at;
        if (out->count == wanted)
            break;
        do
            at = find_text(text, at, " ") + 1;
        while (at < text.size && name_size(text, at) == 0);
    }
    if (out->count == 0 || out->count != wanted)
        return false;
    out->end = find_shell(text, out->starts[out->count - 1]);
    out->starts[out->count] = out->end + 1;
    return true;
}

/* An argument is remembered with a mark in front, so that an Env of the same text is still put. */
static enum silt_status is_argument_new(struct silt_texts *texts, struct silt_span argument, bool *out,
                                        struct silt_error *error)
{
    struct silt_buffer marked = {0};
    enum silt_status status = silt_buffer_append(&marked, silt_span_text("|"), error);
    if (status == SILT_OK)
        status = silt_buffer_append(&marked, argument, error);
    *out = status == SILT_OK && silt_texts_is_new(texts, silt_buffer_span(&marked));
    silt_buffer_wipe(&marked);
    return status;
}

/* Writes the text without the arguments that were met before. */
static enum silt_status drop_known(struct silt_texts *texts, struct silt_span text, struct silt_buffer *out,
                                   struct silt_error *error)
{
    struct arguments arguments;
    if (!find_arguments(text, &arguments))
        return silt_buffer_append(out, text, error);
    size_t fresh = 0;
    for (size_t i = 0; i < arguments.count; i++) {
        size_t start = arguments.starts[i], size = arguments.starts[i + 1] - 1 - start;
        struct silt_span argument = silt_span_slice(text, start, size);
        bool is_new;
        enum silt_status status = is_argument_new(texts, argument, &is_new, error);
        if (status == SILT_OK && is_new)
            status = silt_buffer_append(out, argument, error);
        if (status == SILT_OK && is_new)
            status = silt_buffer_append(out, silt_span_text(" "), error);
        if (status != SILT_OK)
            return status;
        fresh += is_new;
    }
    size_t rest = fresh == arguments.count ? 0 : arguments.end + 1;
    if (rest == 0)
        out->size = 0;
    return silt_buffer_append(out, silt_span_slice(text, rest, text.size), error);
}

static enum silt_status put_instruction(struct silt_reader *reader, struct silt_document *document,
                                        struct silt_span text, struct silt_error *error)
{
    struct silt_buffer rest = {0};
    enum silt_status status = drop_known(&reader->texts, text, &rest, error);
    document->text = silt_buffer_span(&rest);
    if (status == SILT_OK)
        status = silt_texts_put(&reader->texts, document, error);
    silt_buffer_wipe(&rest);
    return status;
}

static enum silt_status put_entry(struct silt_reader *reader, size_t index, const struct silt_json *item,
                                  struct silt_error *error)
{
    bool is_date = silt_json_text(silt_member_get(item, "created")).size <= DATE_SIZE;
    const char *except[] = {"created_by", "comment", is_date ? "created" : NULL, NULL};
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "history:%zu", index);
    struct silt_document document = {SILT_ORIGIN_HISTORY, path, {0}, (int)index};
    enum silt_status status =
        put_instruction(reader, &document, silt_json_text(silt_member_get(item, "created_by")), error);
    if (status != SILT_OK)
        return status;
    char comment_path[PATH_SIZE + 8];
    snprintf(comment_path, sizeof comment_path, "%s/comment", path);
    struct silt_document comment = document;
    comment.path = comment_path;
    comment.text = silt_json_text(silt_member_get(item, "comment"));
    status = silt_texts_put(&reader->texts, &comment, error);
    return status == SILT_OK ? silt_texts_walk(&reader->texts, &document, item, except, error) : status;
}

enum silt_status silt_history_put_texts(struct silt_reader *reader, const struct silt_json *list,
                                        struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; silt_json_is_array(list) && i < silt_json_count(list) && status == SILT_OK; i++)
        status = put_entry(reader, i, silt_json_at(list, i), error);
    return status;
}
