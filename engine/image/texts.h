/*
 * texts.h: collects the metadata texts of one image, each once.
 */
#ifndef SILT_IMAGE_TEXTS_H
#define SILT_IMAGE_TEXTS_H

#include "base/json.h"
#include "image/catalog.h"

/* How many texts back a repetition is noticed (by its slot: two texts that share one push each other out). */
enum { SILT_TEXTS_SEEN = 1024, SILT_TEXTS_MAX = 64 << 20 };

struct silt_texts {
    struct silt_arena *arena; /* borrowed; keeps all text */
    struct silt_array items;  /* struct silt_document */
    struct silt_digest seen[SILT_TEXTS_SEEN];
    bool is_full; /* SILT_TEXTS_MAX bytes were reached: what came later was dropped */
};

/* Begins with nothing; the arena must outlive it. */
void silt_texts_init(struct silt_texts *texts, struct silt_arena *arena);
/* Frees the list of items; their text is the arena's. */
void silt_texts_clear(struct silt_texts *texts);

/* Whether this was not asked before of the same bytes (or too long ago); remembers them. */
bool silt_texts_is_new(struct silt_texts *texts, struct silt_span text);

/* Copies a document unless its text is empty or was put before. */
SILT_MUST_USE enum silt_status silt_texts_put(struct silt_texts *texts, const struct silt_document *document,
                                              struct silt_error *error);

/* Puts "key=value" (value alone if key is ""). */
SILT_MUST_USE enum silt_status silt_texts_put_pair(struct silt_texts *texts,
                                                   const struct silt_document *document, struct silt_span key,
                                                   struct silt_span value, struct silt_error *error);

/* Puts an array of strings with `separator` between them, led by "key=" if key is not "". */
SILT_MUST_USE enum silt_status silt_texts_put_list(struct silt_texts *texts,
                                                   const struct silt_document *document, const char *key,
                                                   const struct silt_json *list, char separator,
                                                   struct silt_error *error);

/* Puts every string below a value, in the form key=value; document's path is the prefix. Members of the value
 * itself that `except` names (NULL-terminated, may be NULL) are left out, and so are digests and media types.
 */
SILT_MUST_USE enum silt_status silt_texts_walk(struct silt_texts *texts, const struct silt_document *document,
                                               const struct silt_json *value, const char *const *except,
                                               struct silt_error *error);

/* Moves all items behind *documents (arena memory, grown) and starts anew. */
SILT_MUST_USE enum silt_status silt_texts_take(struct silt_texts *texts, struct silt_document **documents,
                                               size_t *count, struct silt_error *error);

/* Drops the items from `count` on. */
void silt_texts_drop(struct silt_texts *texts, size_t count);

#endif
