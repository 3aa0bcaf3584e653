/*
 * challenge.c: RFC 9110, 11.2 and 11.6.1; the parameters of Bearer are RFC 6750's and those of distribution's
 * token specification.
 *
 *   WWW-Authenticate = challenge { "," challenge }
 *   challenge        = scheme [ 1*SP ( token68 / parameter { "," parameter } ) ]
 *   parameter        = token "=" ( token / quoted-string )
 *
 * A comma parts both challenges and parameters: a word that "=" does not follow begins a challenge.
 */
#include "registry/challenge.h"

#include <stdio.h>
#include <strings.h>

struct scanner {
    const uint8_t *at, *end;
};

static bool is_token_byte(uint8_t byte)
{
    return byte > ' ' && byte < 0x7f && strchr("()<>@,;:\\\"/[]?={}", byte) == NULL;
}

static void skip_blanks_and_commas(struct scanner *in)
{
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == ','))
        in->at++;
}

static void skip_blanks(struct scanner *in)
{
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t'))
        in->at++;
}

static struct silt_span take_token(struct scanner *in)
{
    const uint8_t *start = in->at;
    while (in->at < in->end && is_token_byte(*in->at))
        in->at++;
    return silt_span_of(start, (size_t)(in->at - start));
}

/* Copies a quoted string without its quotes and backslashes; nothing if it does not fit or does not end. */
static void take_quoted(struct scanner *in, char *out, size_t size)
{
    size_t used = 0;
    for (in->at++; in->at < in->end && *in->at != '"'; in->at++) {
        if (*in->at == '\\' && in->at + 1 < in->end)
            in->at++;
        if (used < size)
            out[used] = (char)*in->at;
        used++;
    }
    bool is_closed = in->at < in->end;
    in->at += is_closed;
    out[is_closed && used < size ? used : 0] = '\0';
}

static void take_value(struct scanner *in, char *out, size_t size)
{
    if (in->at < in->end && *in->at == '"') {
        take_quoted(in, out, size);
        return;
    }
    struct silt_span word = take_token(in);
    size_t used = word.size < size ? word.size : 0;
    memcpy(out, word.data, used);
    out[used] = '\0';
}

static bool is_word(struct silt_span word, const char *name)
{
    return word.size == strlen(name) && strncasecmp((const char *)word.data, name, word.size) == 0;
}

/* The field that a parameter's name stands for, its size by *size; NULL for others. */
static char *find_field(struct silt_challenge *challenge, struct silt_span name, size_t *size)
{
    *size = SILT_CHALLENGE_VALUE_SIZE;
    if (is_word(name, "realm"))
        return challenge->realm;
    if (is_word(name, "service"))
        return challenge->service;
    if (is_word(name, "scope"))
        return challenge->scope;
    *size = sizeof challenge->error;
    return is_word(name, "error") ? challenge->error : NULL;
}

static void keep_better(const struct silt_challenge *challenge, struct silt_challenge *best)
{
    if (challenge->scheme > best->scheme)
        *best = *challenge;
}

/* One parameter, whose name was read. The first of a name counts. */
static void take_parameter(struct scanner *in, struct silt_span name, struct silt_challenge *challenge)
{
    char other[SILT_CHALLENGE_VALUE_SIZE];
    size_t size;
    char *field = find_field(challenge, name, &size);
    bool is_wanted = field != NULL && field[0] == '\0';
    in->at++; /* the "=" */
    skip_blanks(in);
    take_value(in, is_wanted ? field : other, is_wanted ? size : sizeof other);
}

static enum silt_challenge_scheme scheme_of(struct silt_span word)
{
    if (is_word(word, "bearer"))
        return SILT_CHALLENGE_BEARER;
    return is_word(word, "basic") ? SILT_CHALLENGE_BASIC : SILT_CHALLENGE_NONE;
}

void silt_challenge_read(struct silt_span value, struct silt_challenge *best)
{
    struct silt_challenge challenge = {0};
    if (value.size == 0)
        return;
    struct scanner in = {value.data, value.data + value.size};
    for (skip_blanks_and_commas(&in); in.at < in.end; skip_blanks_and_commas(&in)) {
        struct silt_span word = take_token(&in);
        skip_blanks(&in);
        if (word.size == 0) {
            in.at++; /* no token: token68, or nonsense */
        } else if (in.at < in.end && *in.at == '=') {
            take_parameter(&in, word, &challenge);
        } else {
            keep_better(&challenge, best);
            challenge = (struct silt_challenge){.scheme = scheme_of(word)};
        }
    }
    keep_better(&challenge, best);
}
