/*
 * check_macaroon.c: PyPI tokens: `pypi-` and a macaroon in base64url whose first field is the site. Source:
 * PyPI help, "API tokens"; libmacaroons doc/format.txt, version 2: 02, then fields of type, length, bytes;
 * type 1 is the location.
 */
#include "confirm/check.h"
#include "confirm/radix.h"

static void run(const struct silt_claim *claim, struct silt_ruling *out)
{
    enum { DECODED_MAX = 1024, VERSION = 2, LOCATION = 1, IDENTIFIER = 2 };
    uint8_t decoded[DECODED_MAX];
    struct silt_span text = claim->secret;
    if (silt_span_has_prefix(text, "pypi-"))
        text = silt_span_slice(text, 5, text.size);
    size_t size = silt_radix_decode64(text, decoded, sizeof decoded);
    bool fits = size != SILT_RADIX_BAD && size > 3 && decoded[0] == VERSION && decoded[1] == LOCATION &&
                decoded[2] < 64 && size > 3u + decoded[2] && decoded[3 + decoded[2]] == IDENTIFIER;
    struct silt_span site = silt_span_of(decoded + 3, fits ? decoded[2] : 0);
    if (silt_span_is_text(site, "pypi.org") || silt_span_is_text(site, "test.pypi.org"))
        silt_check_rule(out, true, "macaroon for %.*s", (int)site.size, (const char *)site.data);
    else
        silt_check_rule(out, false, "no macaroon of PyPI");
    explicit_bzero(decoded, sizeof decoded);
}

const struct silt_check silt_check_macaroon_pypi = {"pypi-macaroon", SILT_CHECK_STRUCTURE, run};
