/*
 * sample.h: one fixed story for a sink, told by hand: an image with findings in layers and configuration, an
 * artifact, and names and values that try to break whatever prints them.
 */
#ifndef SILT_TESTS_CLI_SAMPLE_H
#define SILT_TESTS_CLI_SAMPLE_H

#include <silt/signatures.h>
#include <silt/sink.h>
#include <string.h>

/* Escape sequence, C1 control, bidi override, bytes that are no UTF-8, DEL, quotes, a line break. */
#define HOSTILE "e\033]0;owned\007\xc2\x9b\x31m\xe2\x80\xae\xff\xc3(\x7f\"\\\n%s\xed\xa0\x80"

/* What ends, opens or means something in HTML, XML, Markdown and workflow commands, and it is long. */
#define LONG_50 "longlonglonglonglonglonglonglonglonglonglonglonglo"
#define MARKUP                                                                                               \
    "]]></script></style></title>--><script>document.title='owned'</script>"                                 \
    "<img src=http://127.0.0.1:9/x onerror=\"document.title='owned'\">&lt;|`@all`[a](http://127.0.0.1:9)"    \
    "\n::error::owned%0A\xef\xbf\xbe" LONG_50 LONG_50 LONG_50 LONG_50 LONG_50 LONG_50

#define SPAN(text) ((struct silt_span){(const uint8_t *)(text), sizeof(text) - 1})

static const char *const no_strings[] = {NULL};
static const char *const sample_references[] = {"https://example.com/tokens", NULL};

static const struct silt_signature sample_token = {
    .id = "example.token",
    .name = "Example access token",
    .provider = "Example",
    .severity = SILT_CRITICAL,
    .confidence = SILT_CONFIDENCE_HIGH,
    .description = "A token of a made-up service; it acts as its user.",
    .remediation =
        "Revoke it in the account's settings under Tokens, make a new one, and give it to the process at run "
        "time.",
    .references = sample_references,
};

static const struct silt_signature sample_url = {
    .id = "example.database-url",
    .name = "Database URL with password",
    .provider = "",
    .severity = SILT_HIGH,
    .confidence = SILT_CONFIDENCE_MEDIUM,
    .description = "The address of a database with user and password.",
    .remediation = "Change the password.",
    .references = no_strings,
};

static const struct silt_image_layer sample_layers[] = {
    {.index = 0,
     .digest = "sha256:0000000000001111111111111111111111111111111111111111111111111111",
     .diff_id = "sha256:aaaa",
     .media_type = "application/vnd.oci.image.layer.v1.tar+gzip",
     .size_bytes = 29126484,
     .created_by = "/bin/sh -c #(nop) ADD file:0a2b in / "},
    {.index = 1,
     .digest = "sha256:2222222222223333333333333333333333333333333333333333333333333333",
     .diff_id = "sha256:bbbb",
     .media_type = "application/vnd.oci.image.layer.v1.tar+gzip",
     .size_bytes = 1834221,
     .created_by = "COPY app /srv/app # buildkit"},
    {.index = 1, .created_by = "ENV DATABASE_URL=postgres://app:****@db/shop", .is_empty = true},
    {.index = 2,
     .diff_id = "sha256:cccc",
     .size_bytes = 4096,
     .created_by = "RUN /bin/sh -c rm " HOSTILE MARKUP},
};

static const struct silt_image sample_image = {
    .reference = "registry.example.com/shop:1.4",
    .digest = "sha256:3f1c9a2b7e1044d0cafe000000000000000000000000000000000000000000aa",
    .config_digest = "sha256:44",
    .platform = "linux/amd64",
    .created = "2026-01-02T03:04:05Z",
    .layers = sample_layers,
    .layer_count = 4,
};

static inline struct silt_finding sample_finding(const struct silt_signature *signature, int layer,
                                                 struct silt_span path)
{
    return (struct silt_finding){
        .signature = signature,
        .severity = signature->severity,
        .confidence = signature->confidence,
        .score = 0.87,
        .fingerprint = "00112233445566778899aabbccddeeff",
        .secret_hash = "ffeeddccbbaa99887766554433221100",
        .redacted = SPAN("exa_****\xe2\x80\xa6"
                         "9f3c"),
        .secret = SPAN("exa_thesecretitself9f3c"),
        .place = {.path = path, .layer = layer},
        .path_bytes = path,
        .offset = 345,
        .line = 12,
        .column = 9,
        .removed_in = -1,
        .validation_detail = "",
    };
}

/* A token in a layer, deleted by the next one, with hard links. */
static inline bool sample_tell_deleted(const struct silt_sink *sink)
{
    const struct silt_place also[] = {
        {.path = SPAN("srv/app/.config.yml.swp"), .layer = 1},
        {.path = SPAN("srv/backup/config.yml"), .layer = 1, .state = SILT_OVERWRITTEN},
    };
    struct silt_finding finding = sample_finding(&sample_token, 1, SPAN("srv/app/config.yml"));
    finding.place.state = SILT_DELETED;
    finding.removed_in = 2;
    finding.created_by = "COPY app /srv/app # buildkit";
    finding.validation = SILT_VALIDATION_VALID;
    finding.validation_detail = "checksum is right";
    finding.also_at = also;
    finding.also_at_count = 2;
    return sink->finding(sink->context, &finding);
}

static inline bool sample_tell_environment(const struct silt_sink *sink)
{
    struct silt_finding finding = sample_finding(&sample_url, -1, SPAN("config:Env/DATABASE_URL"));
    finding.origin = SILT_ORIGIN_ENV;
    finding.created_by = "ENV DATABASE_URL=postgres://app:****@db/shop";
    finding.redacted = SPAN("hu****r2");
    return sink->finding(sink->context, &finding);
}

/* Everything in it is hostile. */
static inline bool sample_tell_hostile(const struct silt_sink *sink)
{
    static const char *const decodings[] = {"utf-16le", "base64"};
    const struct silt_span chain[] = {SPAN("opt/outer.jar"), SPAN("lib/" HOSTILE MARKUP ".zip")};
    struct silt_finding finding = sample_finding(&sample_token, 2, SPAN("in side/" HOSTILE));
    finding.severity = SILT_LOW;
    finding.place.chain = chain;
    finding.place.chain_count = 2;
    finding.redacted = SPAN(HOSTILE MARKUP);
    finding.secret = SPAN(HOSTILE HOSTILE);
    finding.created_by = "RUN " HOSTILE MARKUP;
    finding.validation_detail = HOSTILE MARKUP;
    finding.decoded_from = decodings;
    finding.decoded_from_count = 2;
    return sink->finding(sink->context, &finding);
}

static inline bool sample_tell_lost(const struct silt_sink *sink)
{
    struct silt_skip skip = {
        SILT_SKIP_ENCRYPTED, {.path = SPAN("srv/" HOSTILE MARKUP ".zip"), .layer = 1}, 4711, HOSTILE MARKUP};
    struct silt_problem problem = {
        SILT_ERR_CORRUPT, "layer 2: " HOSTILE MARKUP, {.path = SPAN(""), .layer = 2}};
    bool goes_on = sink->skip(sink->context, &skip) && sink->problem(sink->context, &problem);
    skip = (struct silt_skip){SILT_SKIP_SPECIAL, {.path = SPAN("dev/null"), .layer = 0}, 0, ""};
    return goes_on && sink->skip(sink->context, &skip);
}

/* Tells the whole story: two targets, four findings, of which the last has low confidence. */
static inline bool sample_tell(const struct silt_sink *sink)
{
    const struct silt_target_info image = {"docker-archive:shop.tar", SILT_TARGET_IMAGE, &sample_image};
    const struct silt_target_info jar = {"dist/" HOSTILE MARKUP ".jar", SILT_TARGET_FILE, NULL};
    const struct silt_coverage lost = {12345, 1500000000, 1499995289, 23, 3, false, 2540, 1};
    const struct silt_coverage whole = {1, 100, 100, 0, 0, true, 3, 0};
    struct silt_finding doubtful = sample_finding(&sample_url, -1, SPAN("META-INF/MANIFEST.MF"));
    doubtful.confidence = SILT_CONFIDENCE_LOW;
    return sink->target_begin(sink->context, &image) && sample_tell_hostile(sink) &&
           sample_tell_deleted(sink) && sample_tell_environment(sink) && sample_tell_lost(sink) &&
           sink->target_end(sink->context, &lost) && sink->target_begin(sink->context, &jar) &&
           sink->finding(sink->context, &doubtful) && sink->target_end(sink->context, &whole);
}

#endif
