/*
 * image_name.c: the grammar of image references (distribution/reference, reference.go and normalize.go):
 *
 *   reference  := name [ ":" tag ] [ "@" digest ]
 *   name       := [ domain "/" ] path-component { "/" path-component }
 *   domain     := ( domain-component { "." domain-component } | "[" IPv6 "]" ) [ ":" port ]
 *   path-component := [a-z0-9]+ { ( "." | "_" | "__" | "-"+ ) [a-z0-9]+ }
 *   tag        := [A-Za-z0-9_] [A-Za-z0-9_.-]{0,127}
 */
#include "registry/image_name.h"

#include "base/error.h"

enum { HOST_MAX = 253, PORT_DIGITS_MAX = 5, TAG_MAX = 128, REPOSITORY_MAX = 255, ID_SIZE = 64 };

static const char lower_digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

static bool is_one_of(uint8_t byte, const char *set)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

static bool are_all(struct silt_span text, const char *set)
{
    for (size_t i = 0; i < text.size; i++)
        if (!is_one_of(text.data[i], set))
            return false;
    return true;
}

/* Where a byte stands first; the text's size if nowhere. */
static size_t find_byte(struct silt_span text, char byte)
{
    const uint8_t *found = text.size > 0 ? memchr(text.data, byte, text.size) : NULL;
    return found != NULL ? (size_t)(found - text.data) : text.size;
}

static struct silt_span behind(struct silt_span text, size_t at)
{
    return silt_span_slice(text, at + 1, text.size);
}

static bool is_domain_component(struct silt_span text)
{
    return text.size > 0 && text.data[0] != '-' && text.data[text.size - 1] != '-' &&
           are_all(text, "-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

static bool is_domain_name(struct silt_span text)
{
    if (text.size == 0 || text.size > HOST_MAX)
        return false;
    for (size_t dot; (dot = find_byte(text, '.')) < text.size; text = behind(text, dot))
        if (!is_domain_component(silt_span_slice(text, 0, dot)))
            return false;
    return is_domain_component(text);
}

static bool is_port(struct silt_span text)
{
    return text.size > 0 && text.size <= PORT_DIGITS_MAX && are_all(text, "0123456789");
}

static bool is_host(struct silt_span text)
{
    size_t end = find_byte(text, ':');
    bool is_name;
    if (text.size > 0 && text.data[0] == '[') {
        end = find_byte(text, ']');
        is_name = end < text.size && end > 2 && end < 48 &&
                  are_all(silt_span_slice(text, 1, end - 1), "0123456789abcdefABCDEF:.");
        end++;
    } else {
        is_name = is_domain_name(silt_span_slice(text, 0, end));
    }
    if (!is_name || end > text.size)
        return false;
    return end == text.size || (text.data[end] == ':' && is_port(behind(text, end)));
}

/* How long the separator at a place is: ".", "_", "__" or any number of "-"; 0 if there is none. */
static size_t measure_separator(struct silt_span text, size_t at)
{
    size_t size = 0;
    while (at + size < text.size && text.data[at + size] == '-')
        size++;
    if (size > 0)
        return size;
    if (text.data[at] == '.')
        return 1;
    if (text.data[at] != '_')
        return 0;
    return at + 1 < text.size && text.data[at + 1] == '_' ? 2 : 1;
}

static bool is_path_component(struct silt_span text)
{
    size_t at = 0;
    for (;;) {
        size_t start = at;
        while (at < text.size && is_one_of(text.data[at], lower_digits))
            at++;
        if (at == start)
            return false;
        if (at == text.size)
            return true;
        size_t separator = measure_separator(text, at);
        if (separator == 0)
            return false;
        at += separator;
    }
}

bool silt_image_name_is_repository(struct silt_span text)
{
    if (text.size == 0 || text.size > REPOSITORY_MAX)
        return false;
    for (size_t slash; (slash = find_byte(text, '/')) < text.size; text = behind(text, slash))
        if (!is_path_component(silt_span_slice(text, 0, slash)))
            return false;
    return is_path_component(text);
}

bool silt_image_name_is_tag(struct silt_span text)
{
    return text.size > 0 && text.size <= TAG_MAX && text.data[0] != '.' && text.data[0] != '-' &&
           are_all(text, "_.-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

bool silt_image_name_is_digest(struct silt_span text)
{
    size_t colon = find_byte(text, ':');
    struct silt_span algorithm = silt_span_slice(text, 0, colon), digits = behind(text, colon);
    if (text.size >= SILT_IMAGE_NAME_DIGEST_SIZE || colon == 0 || !are_all(algorithm, lower_digits))
        return false;
    if (silt_span_is_text(algorithm, "sha256") && digits.size != 64)
        return false;
    if (silt_span_is_text(algorithm, "sha512") && digits.size != 128)
        return false;
    return digits.size >= 32 && are_all(digits, "0123456789abcdef");
}

/* Copies a part that was checked to fit. */
static void copy(char *out, struct silt_span text)
{
    if (text.size > 0)
        memcpy(out, text.data, text.size);
    out[text.size] = '\0';
}

static bool has_upper_case(struct silt_span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 'A' && text.data[i] <= 'Z')
            return true;
    return false;
}

static bool is_meant_as_host(struct silt_span text)
{
    return find_byte(text, '.') < text.size || find_byte(text, ':') < text.size ||
           silt_span_is_text(text, "localhost") || has_upper_case(text);
}

static enum silt_status take_host(struct silt_span host, struct silt_image_name *out,
                                  struct silt_error *error)
{
    if (!is_host(host))
        return silt_error_set(error, SILT_ERR_USAGE, "'%.*s' is no host and port of a registry",
                              (int)(host.size < 100 ? host.size : 100), (const char *)host.data);
    if (silt_span_is_text(host, "index.docker.io") || silt_span_is_text(host, "registry-1.docker.io"))
        host = silt_span_text("docker.io");
    copy(out->host, host);
    return SILT_OK;
}

static enum silt_status take_repository(struct silt_span path, struct silt_image_name *out,
                                        struct silt_error *error)
{
    static const char library[] = "library/";
    bool is_short = strcmp(out->host, "docker.io") == 0 && find_byte(path, '/') == path.size;
    if (!silt_image_name_is_repository(path) || path.size + sizeof library > REPOSITORY_MAX)
        return silt_error_set(error, SILT_ERR_USAGE,
                              "'%.*s' is no name of a repository: lower-case letters and digits, parted by "
                              "single '.', '_', '-' and '/'",
                              (int)(path.size < 100 ? path.size : 100), (const char *)path.data);
    if (path.size == ID_SIZE && are_all(path, "0123456789abcdef") && is_short)
        return silt_error_set(error, SILT_ERR_USAGE,
                              "an image id names nothing in a registry; docker-daemon:ID asks the daemon");
    strcpy(out->repository, is_short ? library : "");
    copy(out->repository + strlen(out->repository), path);
    return SILT_OK;
}

static enum silt_status take_tail(struct silt_span *text, struct silt_image_name *out,
                                  struct silt_error *error)
{
    size_t at = find_byte(*text, '@');
    struct silt_span digest = behind(*text, at);
    if (at < text->size && !silt_image_name_is_digest(digest))
        return silt_error_set(error, SILT_ERR_USAGE,
                              "what follows '@' is no digest such as sha256:… with 64 digits");
    copy(out->digest, digest);
    *text = silt_span_slice(*text, 0, at);
    size_t slash = text->size;
    while (slash > 0 && text->data[slash - 1] != '/')
        slash--;
    struct silt_span last = silt_span_slice(*text, slash, text->size);
    size_t colon = find_byte(last, ':');
    struct silt_span tag = behind(last, colon);
    if (colon < last.size && !silt_image_name_is_tag(tag))
        return silt_error_set(error, SILT_ERR_USAGE, "what follows the last ':' is no tag");
    copy(out->tag, tag);
    text->size = slash + colon;
    return SILT_OK;
}

enum silt_status silt_image_name_parse(struct silt_span text, struct silt_image_name *out,
                                       struct silt_error *error)
{
    *out = (struct silt_image_name){0};
    enum silt_status status = take_tail(&text, out, error);
    if (status != SILT_OK)
        return status;
    size_t slash = find_byte(text, '/');
    bool has_host = slash < text.size && is_meant_as_host(silt_span_slice(text, 0, slash));
    status = take_host(has_host ? silt_span_slice(text, 0, slash) : silt_span_text("docker.io"), out, error);
    if (status != SILT_OK)
        return status;
    return take_repository(has_host ? behind(text, slash) : text, out, error);
}

enum silt_status silt_image_name_parse_host(struct silt_span text, struct silt_image_name *out,
                                            struct silt_error *error)
{
    *out = (struct silt_image_name){0};
    return take_host(text, out, error);
}

const char *silt_image_name_api_host(const char *host)
{
    return strcmp(host, "docker.io") == 0 ? "registry-1.docker.io" : host;
}
