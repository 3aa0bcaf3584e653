/*
 * scanner.c: the public face of a scan: which way a target goes.
 */
#include <silt/scanner.h>

#include "base/error.h"
#include "scan/describe.h"
#include "scan/files.h"
#include "scan/images.h"
#include "scan/meter.h"
#include "scan/tape.h"
#include "stream/memory.h"

#include <stdlib.h>

struct silt_scanner {
    struct silt_scan_options options;
    struct silt_judge *judge;
    const struct silt_ruleset *ruleset;
    struct silt_meter *meter;
    atomic_bool is_cancelled;
};

enum silt_status silt_scanner_new(const struct silt_ruleset *ruleset, const struct silt_scan_options *options,
                                  struct silt_scanner **out, struct silt_error *error)
{
    struct silt_scanner *scanner = calloc(1, sizeof *scanner);
    if (scanner == NULL)
        return silt_error_memory(error);
    scanner->ruleset = ruleset;
    if (options != NULL)
        scanner->options = *options;
    else
        silt_scan_options_init(&scanner->options);
    atomic_init(&scanner->is_cancelled, false);
    enum silt_status status = silt_judge_new(silt_ruleset_signatures(ruleset), &scanner->judge, error);
    if (status != SILT_OK) {
        silt_scanner_free(scanner);
        return status;
    }
    *out = scanner;
    return SILT_OK;
}

void silt_scanner_free(struct silt_scanner *scanner)
{
    if (scanner == NULL)
        return;
    silt_judge_free(scanner->judge);
    free(scanner);
}

void silt_scanner_cancel(struct silt_scanner *scanner)
{
    atomic_store(&scanner->is_cancelled, true);
}

/* Patterns are compiled on first use, which must not be taken for the cost of a candidate. */
enum silt_status silt_scanner_set_meter(struct silt_scanner *scanner, struct silt_meter *meter,
                                        struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (size_t i = 0; status == SILT_OK; i++)
        status = silt_judge_compile(scanner->judge, i, error);
    scanner->meter = meter;
    return status == SILT_END ? SILT_OK : status;
}

static void init_scan(struct silt_scanner *scanner, struct silt_scan *scan)
{
    *scan = (struct silt_scan){
        .ruleset = scanner->ruleset,
        .judge = scanner->judge,
        .options = &scanner->options,
        .meter = scanner->meter,
        .is_cancelled = &scanner->is_cancelled,
    };
    silt_scan_init(scan);
}

static enum silt_status scan_source(struct silt_tour *tour, struct silt_error *error)
{
    switch (tour->source->layout) {
    case SILT_LAYOUT_DOCKER:
    case SILT_LAYOUT_OCI:
        return silt_images_scan(tour, error);
    case SILT_LAYOUT_STREAM:
        return silt_tape_scan(tour, error);
    case SILT_LAYOUT_NONE:
        break;
    }
    return silt_files_scan(tour, error);
}

static bool goes_on(void *context)
{
    return silt_scan_check(context, NULL) == SILT_OK;
}

/* What is done with a target once its source is open. */
typedef enum silt_status visit(struct silt_tour *tour, struct silt_error *error);

static enum silt_status visit_target(struct silt_scanner *scanner, const char *target,
                                     const struct silt_sink *sink, visit *visitor, struct silt_error *error)
{
    struct silt_scan scan;
    init_scan(scanner, &scan);
    struct silt_target parsed = {0};
    struct silt_tour tour = {
        .scan = &scan, .sink = sink, .name = target, .target = &parsed, .started_ms = silt_scan_clock_ms()};
    const struct silt_source_options options = {.stdin_fd = scanner->options.stdin_fd,
                                                .patience = {goes_on, &scan},
                                                .registry = scanner->options.registry};
    enum silt_status status = silt_target_parse(target, &parsed, error);
    if (status == SILT_OK)
        status = silt_source_open(&parsed, &options, &tour.source, error);
    if (status == SILT_OK)
        status = visitor(&tour, error);
    silt_source_free(tour.source);
    silt_target_clear(&parsed);
    return status;
}

enum silt_status silt_scanner_scan(struct silt_scanner *scanner, const char *target,
                                   const struct silt_sink *sink, struct silt_error *error)
{
    return visit_target(scanner, target, sink, scan_source, error);
}

enum silt_status silt_scanner_describe(struct silt_scanner *scanner, const char *target,
                                       const struct silt_sink *sink, struct silt_error *error)
{
    return visit_target(scanner, target, sink, silt_describe_images, error);
}

enum silt_status silt_scanner_scan_buffer(struct silt_scanner *scanner, const char *name,
                                          struct silt_span bytes, const struct silt_sink *sink,
                                          struct silt_error *error)
{
    struct silt_scan scan;
    init_scan(scanner, &scan);
    struct silt_tour tour = {.scan = &scan, .sink = sink, .name = name, .started_ms = silt_scan_clock_ms()};
    struct silt_stream *stream;
    enum silt_status status = silt_memory_open(bytes, &stream, error);
    if (status != SILT_OK)
        return status;
    status = silt_tape_scan_stream(&tour, silt_span_text(name), stream, error);
    silt_stream_free(stream);
    return status;
}
