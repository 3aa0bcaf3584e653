/*
 * check_shape.c: forms that many issuers share: UUIDs (RFC 9562, section 4), hexadecimal, and "no
 * placeholder".
 */
#include "confirm/check.h"
#include "confirm/placeholder.h"
#include "confirm/radix.h"

static bool is_uuid(struct silt_span text)
{
    static const size_t starts[] = {0, 9, 14, 19, 24}, sizes[] = {8, 4, 4, 4, 12};
    if (text.size != 36)
        return false;
    for (int i = 0; i < 5; i++)
        if (!silt_radix_is_hex(silt_span_slice(text, starts[i], sizes[i])) ||
            (i > 0 && text.data[starts[i] - 1] != '-'))
            return false;
    return true;
}

static void run_uuid(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { VERSION = 14, VARIANT = 19 };
    struct silt_span secret = claim->secret;
    if (!is_uuid(secret)) {
        silt_check_rule(out, false, "no UUID");
        return;
    }
    uint8_t version = secret.data[VERSION];
    bool fits = version >= '1' && version <= '8' && strchr("89abAB", secret.data[VARIANT]) != NULL;
    silt_check_rule(out, fits, fits ? "UUID of version %c" : "no UUID version %c", version);
}

static void run_hex(const struct silt_claim *claim, struct silt_ruling *out)
{
    bool fits = silt_radix_is_hex(claim->secret);
    silt_check_rule(out, fits, fits ? "%zu hexadecimal digits" : "%zu characters, not all hexadecimal",
                    claim->secret.size);
}

static void run_placeholder(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum silt_placeholder kind = silt_placeholder_kind(claim->secret);
    out->is_noise = kind != SILT_PLACEHOLDER_NONE;
    if (out->is_noise)
        silt_check_rule(out, false, "%s", silt_placeholder_name(kind));
}

const struct silt_check silt_check_shape_uuid = {"uuid", SILT_CHECK_SHAPE, run_uuid};
const struct silt_check silt_check_shape_hex = {"hex", SILT_CHECK_SHAPE, run_hex};
const struct silt_check silt_check_shape_placeholder = {"placeholder", SILT_CHECK_SHAPE, run_placeholder};
