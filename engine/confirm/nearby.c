/*
 * nearby.c: a case-blind search over a few hundred bytes.
 *
 * memchr for both cases of the keyword's first letter, then a comparison: the neighbourhood is too small for
 * anything cleverer to pay.
 */
#include "confirm/nearby.h"

#include <ctype.h>
#include <strings.h>

static bool has(const char *text, size_t size, const char *keyword)
{
    size_t length = strlen(keyword);
    const char cases[2] = {(char)tolower((unsigned char)keyword[0]),
                           (char)toupper((unsigned char)keyword[0])};
    for (int i = 0; i < 2 && (i == 0 || cases[1] != cases[0]); i++) {
        const char *at = text, *end = text + size;
        while ((size_t)(end - at) >= length) {
            at = memchr(at, cases[i], (size_t)(end - at) - length + 1);
            if (at == NULL)
                break;
            if (strncasecmp(at, keyword, length) == 0)
                return true;
            at++;
        }
    }
    return false;
}

bool silt_nearby_has(struct silt_span bytes, size_t start, size_t end, unsigned within,
                     const char *const *keywords)
{
    if (keywords == NULL || keywords[0] == NULL)
        return true;
    size_t from = start > within ? start - within : 0;
    size_t to = bytes.size - end > within ? end + within : bytes.size;
    const char *text = (const char *)bytes.data + from;
    for (; *keywords != NULL; keywords++)
        if ((*keywords)[0] != '\0' && has(text, to - from, *keywords))
            return true;
    return false;
}
