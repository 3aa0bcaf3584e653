/*
 * recall_key.c: what makes one cached result another. A new option that changes what is found belongs here;
 * tests/engine/scan/recall_key_test.c fails until every member of struct silt_scan_options was thought about.
 */
#include "scan/recall_key.h"

#include "archive/reader.h"
#include "base/fingerprint.h"
#include "confirm/program.h"
#include "scan/record.h"

#include <silt/version.h>

static void put_text(struct silt_pack *pack, const char *text)
{
    silt_pack_put_span(pack, silt_span_text(text));
}

static bool finish(struct silt_pack *pack, struct silt_cache_key *out)
{
    struct silt_digest digest;
    bool is_good = !pack->has_failed;
    if (is_good)
        silt_digest_of(silt_buffer_span(&pack->bytes), &digest);
    if (is_good)
        memcpy(out->bytes, digest.bytes, SILT_CACHE_KEY_SIZE);
    silt_buffer_clear(&pack->bytes);
    return is_good;
}

static void put_engine(struct silt_pack *pack)
{
    char confirmer[SILT_PROGRAM_VERSION_SIZE];
    silt_program_version(confirmer);
    silt_pack_put_number(pack, SILT_RECORD_VERSION);
    put_text(pack, silt_version());
    put_text(pack, silt_fingerprint());
    put_text(pack, silt_reader_version());
    put_text(pack, silt_matcher_version());
    put_text(pack, confirmer);
}

/* Not among them: jobs, timeout, total size and platform (a result that they cut short is not kept), standard
 * input, and who wants to see secrets. */
static void put_options(struct silt_pack *pack, const struct silt_scan_options *options)
{
    silt_pack_put_number(pack, options->max_depth);
    silt_pack_put_number(pack, options->max_entry_size);
    silt_pack_put_number(pack, options->max_ratio);
    silt_pack_put_number(pack, options->max_memory);
    silt_pack_put_number(pack, options->all_matches);
}

static void put_task(struct silt_pack *pack, const struct silt_blob_task *task)
{
    silt_pack_put_span(pack, task->name);
    silt_pack_put_number(pack, task->is_layer);
    silt_pack_put_number(pack, task->finds_layers);
    silt_pack_put_number(pack, task->is_target);
}

bool silt_recall_key_of_blob(const struct silt_scan *scan, const struct silt_blob_task *task,
                             const struct silt_digest *digest, struct silt_cache_key *out)
{
    struct silt_pack pack = {0};
    put_text(&pack, "silt layer result");
    put_engine(&pack);
    put_text(&pack, silt_signatures_digest(silt_ruleset_signatures(scan->ruleset)));
    put_options(&pack, scan->options);
    put_task(&pack, task);
    silt_pack_put_bytes(&pack, silt_span_of(digest->bytes, SILT_DIGEST_SIZE));
    return finish(&pack, out);
}

bool silt_recall_key_of_file(const struct silt_identity *identity, struct silt_cache_key *out)
{
    struct silt_pack pack = {0};
    put_text(&pack, "silt file digest, version 1");
    silt_pack_put_number(&pack, identity->device);
    silt_pack_put_number(&pack, identity->inode);
    silt_pack_put_number(&pack, identity->file_size);
    silt_pack_put_number(&pack, (uint64_t)identity->modified_s);
    silt_pack_put_number(&pack, identity->modified_ns);
    silt_pack_put_number(&pack, (uint64_t)identity->changed_s);
    silt_pack_put_number(&pack, identity->changed_ns);
    silt_pack_put_number(&pack, identity->offset);
    silt_pack_put_number(&pack, identity->size);
    return finish(&pack, out);
}
