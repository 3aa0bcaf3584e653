/*
 * registry.c: what a program asks a registry outside of a scan (silt/registry.h): which digest a name has,
 * and what there is.
 */
#include "base/error.h"
#include "registry/deadline.h"
#include "registry/image_name.h"
#include "registry/listing.h"
#include "registry/pull.h"

#include <stdio.h>

enum silt_status silt_registry_resolve(const struct silt_registry_options *options, const char *image,
                                       uint64_t timeout_ms, char out[SILT_REGISTRY_DIGEST_SIZE],
                                       struct silt_error *error)
{
    struct silt_deadline deadline = silt_deadline_after(timeout_ms);
    const struct silt_patience patience = {silt_deadline_lasts, &deadline};
    struct silt_image_name name;
    struct silt_session *session = NULL;
    struct silt_pulled pulled = {0};
    enum silt_status status = silt_image_name_parse(silt_span_text(image), &name, error);
    if (status == SILT_OK)
        status = silt_session_new(options, &patience, name.host, &session, error);
    if (status == SILT_OK) {
        const char *tag = name.tag[0] != '\0' ? name.tag : "latest";
        const char *reference = name.digest[0] != '\0' ? name.digest : tag;
        const struct silt_pull_want want = {name.repository, reference, ""};
        status = silt_pull_manifest(session, &want, &pulled, error);
    }
    if (status == SILT_OK)
        snprintf(out, SILT_REGISTRY_DIGEST_SIZE, "%s", pulled.digest);
    silt_pull_clear(&pulled);
    silt_session_free(session);
    return status;
}

static enum silt_status hand_out(const struct silt_listing *listing, bool are_tags,
                                 silt_registry_take_name *take, void *context, struct silt_error *error)
{
    for (size_t i = 0; i < listing->names.count; i++) {
        struct silt_span name = silt_span_text(silt_listing_at(listing, i));
        bool is_name = are_tags ? silt_image_name_is_tag(name) : silt_image_name_is_repository(name);
        if (is_name && !take(context, (const char *)name.data))
            return silt_error_set(error, SILT_ERR_CANCELLED, "the list was not read to its end");
    }
    return SILT_OK;
}

enum silt_status silt_registry_list(const struct silt_registry_options *options, const char *host,
                                    const char *repository, uint64_t timeout_ms,
                                    silt_registry_take_name *take, void *context, struct silt_error *error)
{
    struct silt_deadline deadline = silt_deadline_after(timeout_ms);
    const struct silt_patience patience = {silt_deadline_lasts, &deadline};
    struct silt_image_name name;
    struct silt_session *session = NULL;
    struct silt_listing listing = {0};
    enum silt_status status = silt_image_name_parse_host(silt_span_text(host), &name, error);
    if (status == SILT_OK)
        status = silt_session_new(options, &patience, name.host, &session, error);
    if (status == SILT_OK)
        status = silt_listing_read(session, repository, &listing, error);
    if (status == SILT_OK)
        status = hand_out(&listing, repository != NULL, take, context, error);
    silt_listing_clear(&listing);
    silt_session_free(session);
    return status;
}
