/*
 * hook_test.c: every dialect reads its own notifications, recorded ones (fixtures/webhooks, of
 * docker-registry 2.8.2) and such as its vendor documents, and nothing else; and none is read without proof.
 */
#include "serve/hook.h"

#include "serve/shape.h"

#include <criterion/criterion.h>
#include <silt/seal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HASH "d8e66a532ba8d24e2b5903056b484bfafbdef90c0c766de12e4cdfe8060b1f89"
#define DIGEST "sha256:" HASH
#define SECRET "a-secret-that-is-long-enough"

/* A notification, what it tells, and one of the same sender that needs nothing. */
struct sample {
    const char *hook;
    struct silt_request_field header; /* beside Content-Type */
    const char *body;
    const char *host, *repository, *digest, *tag, *delivery, *actor;
    int64_t pushed_ms;
    const char *boring;
};

static const struct sample samples[] = {
    {.hook = "gitlab",
     .body = "{\"events\":[{\"id\":\"e1\",\"timestamp\":\"2026-11-23T21:58:49.82Z\",\"action\":\"push\","
             "\"target\":{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\","
             "\"digest\":\"" DIGEST "\",\"repository\":\"group/project/app\",\"tag\":\"1.0\"},"
             "\"request\":{\"host\":\"registry.gitlab.example.com\"},"
             "\"actor\":{\"name\":\"jane\",\"user_type\":\"personal_access_token\"}}]}",
     .host = "registry.gitlab.example.com",
     .repository = "group/project/app",
     .digest = DIGEST,
     .tag = "1.0",
     .delivery = "gitlab:e1",
     .actor = "jane",
     .pushed_ms = 1795471129000,
     .boring = "{\"events\":[{\"action\":\"pull\"},{\"action\":\"push\",\"target\":{\"mediaType\":"
               "\"application/octet-stream\"}},{\"action\":\"delete\",\"target\":{\"tag\":\"x\"}}]}"},
    {.hook = "harbor",
     .body = "{\"type\":\"PUSH_ARTIFACT\",\"occur_at\":1586922308,\"operator\":\"admin\",\"event_data\":"
             "{\"resources\":[{\"digest\":\"" DIGEST "\",\"tag\":\"latest\",\"resource_url\":"
             "\"hub.harbor.example:8443/test-webhook/debian:latest\"}],\"repository\":{\"name\":\"debian\","
             "\"namespace\":\"test-webhook\",\"repo_full_name\":\"test-webhook/debian\"}}}",
     .host = "hub.harbor.example:8443",
     .repository = "test-webhook/debian",
     .digest = DIGEST,
     .tag = "latest",
     .delivery = "",
     .actor = "admin",
     .pushed_ms = 1586922308000,
     .boring = "{\"type\":\"PULL_ARTIFACT\",\"occur_at\":1,\"operator\":\"a\",\"event_data\":{}}"},
    {.hook = "harbor",
     .header = {"Content-Type", "application/cloudevents+json"},
     .body = "{\"specversion\":\"1.0\",\"id\":\"66e18103\",\"source\":\"/projects/1/webhook/policies/15\","
             "\"type\":\"harbor.artifact.pushed\",\"datacontenttype\":\"application/json\",\"time\":"
             "\"2023-04-03T06:29:38+01:00\",\"operator\":\"robot$ci\",\"data\":{\"resources\":[{\"digest\":"
             "\"" DIGEST "\",\"tag\":\"" DIGEST "\",\"resource_url\":\"10.0.0.1/library/p@" DIGEST "\"}],"
             "\"repository\":{\"repo_full_name\":\"library/p\"}}}",
     .host = "10.0.0.1",
     .repository = "library/p",
     .digest = DIGEST,
     .tag = "",
     .delivery = "harbor:66e18103",
     .actor = "robot$ci",
     .pushed_ms = 1680499778000,
     .boring = "{\"specversion\":\"1.0\",\"type\":\"harbor.scan.completed\",\"data\":{}}"},
    {.hook = "dockerhub",
     .body = "{\"callback_url\":\"http://127.0.0.1:1/never\",\"push_data\":{\"pushed_at\":1417566161,"
             "\"pusher\":\"trustedbuilder\",\"tag\":\"latest\"},\"repository\":{\"name\":\"testhook\","
             "\"namespace\":\"svendowideit\",\"repo_name\":\"svendowideit/testhook\",\"repo_url\":"
             "\"https://registry.hub.docker.com/u/svendowideit/testhook/\"}}",
     .host = "docker.io",
     .repository = "svendowideit/testhook",
     .digest = "",
     .tag = "latest",
     .delivery = "",
     .actor = "trustedbuilder",
     .pushed_ms = 1417566161000},
    {.hook = "quay",
     .body = "{\"name\":\"test\",\"repository\":\"dgangaia/test\",\"namespace\":\"dgangaia\",\"docker_url\":"
             "\"quay.io/dgangaia/test\",\"homepage\":\"https://quay.io/repository/dgangaia/test\","
             "\"updated_tags\":[\"latest\"]}",
     .host = "quay.io",
     .repository = "dgangaia/test",
     .digest = "",
     .tag = "latest",
     .delivery = "",
     .actor = "",
     .boring = "{\"build_id\":\"1\",\"repository\":\"dgangaia/test\",\"docker_tags\":[\"latest\"]}"},
    {.hook = "quay",
     .body = "{\"repository\":\"devtable/ubuntu\",\"docker_url\":\"quay.io/devtable/ubuntu\","
             "\"updated_tags\":{\"edge\":\"b750fe79269d2ec9\"}}",
     .host = "quay.io",
     .repository = "devtable/ubuntu",
     .digest = "",
     .tag = "edge",
     .delivery = "",
     .actor = ""},
    {.hook = "github",
     .header = {"X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"},
     .body = "{\"action\":\"published\",\"registry_package\":{\"name\":\"app\",\"namespace\":\"Octo-Org\","
             "\"package_type\":\"CONTAINER\",\"updated_at\":\"2026-01-02T03:04:05Z\",\"package_version\":"
             "{\"version\":\"" DIGEST "\",\"package_url\":\"ghcr.io/Octo-Org/app:v2\",\"container_metadata\":"
             "{\"tag\":{\"name\":\"v2\",\"digest\":\"" DIGEST "\"}}}},\"sender\":{\"login\":\"octocat\"}}",
     .host = "ghcr.io",
     .repository = "octo-org/app",
     .digest = DIGEST,
     .tag = "v2",
     .delivery = "github:72d3162e-cc78-11e3-81ab-4c9367dc0958",
     .actor = "octocat",
     .pushed_ms = 1767323045000,
     .boring = "{\"action\":\"published\",\"registry_package\":{\"package_type\":\"npm\"}}"},
    {.hook = "github",
     .header = {"X-GitHub-Event", "ping"},
     .body =
         "{\"action\":\"updated\",\"package\":{\"package_type\":\"docker\",\"package_version\":{\"version\":"
         "\"" DIGEST "\",\"package_url\":\"ghcr.io/o/app:\",\"container_metadata\":{\"tag\":{\"name\":"
         "\"\"}}}}}",
     .host = "ghcr.io",
     .repository = "o/app",
     .digest = DIGEST,
     .tag = "",
     .delivery = "",
     .actor = "",
     .boring = "{\"zen\":\"Keep it logically awesome.\",\"hook_id\":1}"},
    {.hook = "ecr",
     .body =
         "{\"version\":\"0\",\"id\":\"13cde686-328b\",\"detail-type\":\"ECR Image Action\",\"source\":"
         "\"aws.ecr\",\"account\":\"123456789012\",\"time\":\"2019-11-16T01:54:34Z\",\"region\":"
         "\"us-west-2\",\"resources\":[],\"detail\":{\"result\":\"SUCCESS\",\"repository-name\":"
         "\"my-repository\",\"image-digest\":\"" DIGEST "\",\"action-type\":\"PUSH\",\"image-tag\":\"7\"}}",
     .host = "123456789012.dkr.ecr.us-west-2.amazonaws.com",
     .repository = "my-repository",
     .digest = DIGEST,
     .tag = "7",
     .delivery = "ecr:13cde686-328b",
     .actor = "",
     .pushed_ms = 1573869274000,
     .boring = "{\"detail-type\":\"ECR Image Action\",\"detail\":{\"result\":\"SUCCESS\",\"action-type\":"
               "\"DELETE\"}}"},
    {.hook = "acr",
     .body =
         "{\"id\":\"cb8c3971\",\"timestamp\":\"2017-11-17T16:52:01.343145347Z\",\"action\":\"push\","
         "\"target\":{\"mediaType\":\"application/vnd.docker.distribution.manifest.v2+json\",\"size\":524,"
         "\"digest\":\"" DIGEST "\",\"repository\":\"hello-world\",\"tag\":\"v1\"},\"request\":{\"host\":"
         "\"myregistry.azurecr.io\",\"method\":\"PUT\"}}",
     .host = "myregistry.azurecr.io",
     .repository = "hello-world",
     .digest = DIGEST,
     .tag = "v1",
     .delivery = "acr:cb8c3971",
     .actor = "",
     .pushed_ms = 1510937521000,
     .boring = "{\"id\":\"1\",\"action\":\"ping\"}"},
    {.hook = "acr",
     .body = "[{\"id\":\"831e1650\",\"eventType\":\"Microsoft.ContainerRegistry.ImagePushed\",\"data\":"
             "{\"id\":\"831e1650\",\"timestamp\":\"2018-04-25T21:39:47.66Z\",\"action\":\"push\",\"target\":"
             "{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"" DIGEST "\","
             "\"repository\":\"aci-helloworld\",\"tag\":\"v1\"},\"request\":{\"host\":\"r.azurecr.io\"}}}]",
     .host = "r.azurecr.io",
     .repository = "aci-helloworld",
     .digest = DIGEST,
     .tag = "v1",
     .delivery = "acr:831e1650",
     .actor = "",
     .pushed_ms = 1524692387000,
     .boring = "[{\"eventType\":\"Microsoft.ContainerRegistry.ImageDeleted\",\"data\":{}}]"},
    {.hook =
         "gar", /* {"action":"INSERT","digest":"us-east1-docker.pkg.dev/p/r/i@DIGEST","tag":"…/p/r/i:1.1"} */
     .body = "{\"message\":{\"data\":"
             "\"eyJhY3Rpb24iOiJJTlNFUlQiLCJkaWdlc3QiOiJ1cy1lYXN0MS1kb2NrZXIucGtnLmRldi9wL3I"
             "vaUBzaGEyNTY6ZDhlNjZhNTMyYmE4ZDI0ZTJiNTkwMzA1NmI0ODRiZmFmYmRlZjkwYzBjNzY2ZGUxMmU0Y2RmZTgwNjBiMW"
             "Y4OSIs"
             "InRhZyI6InVzLWVhc3QxLWRvY2tlci5wa2cuZGV2L3Avci9pOjEuMSJ9\",\"messageId\":\"2070443601311540\","
             "\"publishTime\":\"2021-02-26T19:13:55.749Z\"},\"subscription\":\"projects/p/subscriptions/s\"}",
     .host = "us-east1-docker.pkg.dev",
     .repository = "p/r/i",
     .digest = DIGEST,
     .tag = "1.1",
     .delivery = "gar:2070443601311540",
     .actor = "",
     .pushed_ms = 1614366835000,
     .boring = "{\"message\":{\"data\":\"eyJhY3Rpb24iOiJERUxFVEUifQ==\"}}"},
    {.hook = "jfrog",
     .body = "{\"domain\":\"docker\",\"event_type\":\"pushed\",\"data\":{\"repo_key\":\"docker-local\","
             "\"event_type\":\"pushed\",\"path\":\"team/app/1/manifest.json\",\"sha256\":\"" HASH "\","
             "\"image_name\":\"team/app\",\"tag\":\"1\",\"platforms\":[]},\"jpd_origin\":"
             "\"https://example.jfrog.io/artifactory\",\"source\":\"jfrog/ci@example.com\"}",
     .host = "example.jfrog.io",
     .repository = "docker-local/team/app",
     .digest = DIGEST,
     .tag = "1",
     .delivery = "",
     .actor = "jfrog/ci@example.com",
     .boring = "{\"domain\":\"artifact\",\"event_type\":\"deployed\",\"data\":{}}"},
    {.hook = "gitea",
     .header = {"X-Gitea-Delivery", "f6266f16"},
     .body =
         "{\"action\":\"created\",\"package\":{\"id\":1,\"owner\":{\"login\":\"Org\"},\"name\":\"app/web\","
         "\"version\":\"1.0\",\"type\":\"container\",\"created_at\":\"2026-02-03T04:05:06+01:00\","
         "\"html_url\":\"https://git.example.com:3000/Org/-/packages/container/app%2Fweb/1.0\"},"
         "\"sender\":{\"login\":\"jo\"}}",
     .host = "git.example.com:3000",
     .repository = "org/app/web",
     .digest = "",
     .tag = "1.0",
     .delivery = "gitea:f6266f16",
     .actor = "jo",
     .pushed_ms = 1770087906000,
     .boring = "{\"action\":\"created\",\"package\":{\"type\":\"npm\"}}"},
    {.hook = "zot",
     .header = {"Ce-Type", "zotregistry.image.updated"},
     .body = "{\"name\":\"team/app\",\"reference\":\"1.0\",\"digest\":\"" DIGEST "\",\"mediaType\":"
             "\"application/vnd.oci.image.manifest.v1+json\",\"manifest\":\"{}\"}",
     .host = "",
     .repository = "team/app",
     .digest = DIGEST,
     .tag = "1.0",
     .delivery = "",
     .actor = ""},
    {.hook = "zot",
     .body = "{\"specversion\":\"1.0\",\"type\":\"my.image.updated\",\"id\":\"9\",\"source\":\"s\",\"data\":"
             "{\"name\":\"a\",\"reference\":\"" DIGEST "\"}}",
     .host = "",
     .repository = "a",
     .digest = DIGEST,
     .tag = "",
     .delivery = "zot:9",
     .actor = "",
     .boring = "{\"type\":\"zotregistry.repository.created\",\"data\":{\"name\":\"a\"}}"},
    {.hook = "generic",
     .body = "{\"image\":\"localhost:5000/team/app:1.0@" DIGEST "\",\"id\":\"a b\",\"actor\":\"ci\"}",
     .host = "localhost:5000",
     .repository = "team/app",
     .digest = DIGEST,
     .tag = "1.0",
     .delivery = "generic:c8687a08aa5d6ed2044328fa6a697ab8e96dc34291e8c2034ae8c38e6fcc6d65",
     .actor = "ci",
     .boring = "{\"images\":[]}"},
    {.hook = "generic",
     .body = "{\"images\":[\"alpine\"]}",
     .host = "docker.io",
     .repository = "library/alpine",
     .digest = "",
     .tag = "latest",
     .delivery = "",
     .actor = ""},
};

enum { SAMPLES = sizeof samples / sizeof *samples };

/* A request of a sample; zero-initialise what holds it. */
struct call {
    struct silt_request_field headers[4], parameter;
    struct silt_request request;
};

static struct silt_span span_of(const char *text)
{
    return (struct silt_span){(const uint8_t *)text, strlen(text)};
}

static const struct silt_request *make(struct call *call, const struct sample *sample, struct silt_span body)
{
    call->headers[0] = (struct silt_request_field){"Content-Type", "application/json"};
    call->headers[1] = sample->header;
    call->request = (struct silt_request){.method = "POST", .body = body};
    call->request.headers = (struct silt_request_fields){
        call->headers + (sample->header.name != NULL && strcmp(sample->header.name, "Content-Type") == 0), 1};
    if (sample->header.name != NULL && call->request.headers.items == call->headers)
        call->request.headers.count = 2;
    return &call->request;
}

static enum silt_status read_text(const struct sample *sample, struct silt_span body,
                                  struct silt_pushes *pushes)
{
    struct call call = {0};
    struct silt_error error = {0};
    enum silt_status status =
        silt_hook_read(silt_hook_find(sample->hook), make(&call, sample, body), pushes, &error);
    cr_assert((status == SILT_OK) == (error.message[0] == '\0'), "%s: %s", sample->hook, error.message);
    return status;
}

Test(hook, samples_are_read)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        const struct sample *it = &samples[i];
        struct silt_pushes pushes = {0};
        cr_assert_eq(read_text(it, span_of(it->body), &pushes), SILT_OK, "%zu: %s", i, it->hook);
        cr_assert_eq(pushes.count, 1, "%zu: %s", i, it->hook);
        const struct silt_push *push = pushes.items;
        cr_expect_str_eq(push->host, it->host, "%s", it->hook);
        cr_expect_str_eq(push->repository, it->repository, "%s", it->hook);
        cr_expect_str_eq(push->digest, it->digest, "%s", it->hook);
        cr_expect_str_eq(push->tag, it->tag, "%s", it->hook);
        cr_expect_str_eq(push->delivery, it->delivery, "%s: %s", it->hook, push->delivery);
        cr_expect_str_eq(push->actor, it->actor, "%s", it->hook);
        cr_expect_eq(push->pushed_ms, it->pushed_ms, "%s: %lld", it->hook, (long long)push->pushed_ms);
        silt_hook_clear(&pushes);
    }
}

Test(hook, what_needs_nothing_is_read_and_gives_nothing)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        struct silt_pushes pushes = {0};
        if (samples[i].boring == NULL)
            continue;
        cr_expect_eq(read_text(&samples[i], span_of(samples[i].boring), &pushes), SILT_OK, "%zu", i);
        cr_expect_eq(pushes.count, 0, "%zu: %s", i, samples[i].hook);
        silt_hook_clear(&pushes);
    }
}

Test(hook, every_dialect_has_a_sample_and_a_name)
{
    for (size_t i = 0; i < silt_hook_count(); i++) {
        bool has_sample = strcmp(silt_hook_at(i)->name, "distribution") == 0; /* recorded: below */
        cr_expect_eq(silt_hook_find(silt_hook_at(i)->name), silt_hook_at(i));
        for (size_t j = 0; j < SAMPLES; j++)
            has_sample |= strcmp(samples[j].hook, silt_hook_at(i)->name) == 0;
        cr_expect(has_sample, "%s", silt_hook_at(i)->name);
    }
    cr_expect_null(silt_hook_find("*"));
    cr_expect_null(silt_hook_find(""));
}

/* Garbage is refused as what it is, by all dialects. */
Test(hook, garbage)
{
    static const char *const bad[] = {"",
                                      "nothing",
                                      "{}",
                                      "[1]",
                                      "null",
                                      "\"text\"",
                                      "{\"events\":{}}",
                                      "{\"a\":",
                                      "\xff\xfe{}",
                                      "{\"type\":3,\"event_type\":[],\"action\":{}}"};
    for (size_t i = 0; i < silt_hook_count(); i++)
        for (size_t j = 0; j < sizeof bad / sizeof *bad; j++) {
            const struct sample sample = {.hook = silt_hook_at(i)->name};
            struct silt_pushes pushes = {0};
            cr_expect_eq(read_text(&sample, span_of(bad[j]), &pushes), SILT_ERR_CORRUPT, "%s: %s",
                         sample.hook, bad[j]);
            cr_expect_eq(pushes.count, 0);
            silt_hook_clear(&pushes);
        }
}

/* Cut anywhere, a notification is refused; nothing is made of half a one. */
Test(hook, truncated)
{
    for (size_t i = 0; i < SAMPLES; i++)
        for (size_t size = 0; size < strlen(samples[i].body); size++) {
            struct silt_pushes pushes = {0};
            uint8_t *copy = malloc(size + 1);
            memcpy(copy, samples[i].body, size);
            cr_assert_eq(read_text(&samples[i], (struct silt_span){copy, size}, &pushes), SILT_ERR_CORRUPT,
                         "%s at %zu", samples[i].hook, size);
            free(copy);
            silt_hook_clear(&pushes);
        }
}

static char *repeat(const char *text, size_t times)
{
    size_t size = strlen(text);
    char *out = malloc(size * times + 1);
    for (size_t i = 0; i < times; i++)
        memcpy(out + i * size, text, size);
    out[size * times] = '\0';
    return out;
}

Test(hook, deep_and_wide_bodies_are_refused)
{
    char *const bodies[] = {repeat("[", 1000000), repeat("{\"a\":", 200000), repeat("[],", 300000)};
    for (size_t i = 0; i < silt_hook_count(); i++)
        for (size_t j = 0; j < 3; j++) {
            const struct sample sample = {.hook = silt_hook_at(i)->name};
            struct silt_pushes pushes = {0};
            cr_expect_eq(read_text(&sample, span_of(bodies[j]), &pushes), SILT_ERR_LIMIT);
            silt_hook_clear(&pushes);
        }
    for (size_t j = 0; j < 3; j++)
        free(bodies[j]);
}

Test(hook, too_many_pushes_are_refused)
{
    char *images = repeat("\"a/b\",", SILT_HOOK_MOST_PUSHES + 1), body[16384];
    struct silt_pushes pushes = {0};
    const struct sample sample = {.hook = "generic"};
    snprintf(body, sizeof body, "{\"images\":[%s\"a\"]}", images);
    cr_expect_eq(read_text(&sample, span_of(body), &pushes), SILT_ERR_LIMIT);
    silt_hook_clear(&pushes);
    free(images);
}

/* What has not the shape of a name is no name: it would reach addresses, logs and pages. */
Test(hook, odd_names_are_refused)
{
    static const char *const bad[] = {"evil.example/../../x:1",
                                      "evil.example/a b:1",
                                      "evil.example/a?b:1",
                                      "evil.example/a:1 2",
                                      "e\\u000avil.example/a:1",
                                      "user@evil.example/a:1",
                                      "evil.example/a@sha256:12",
                                      "evil.example/",
                                      "evil.example/a:",
                                      "http://evil.example/a:1",
                                      "",
                                      "evil.example/a//b:1",
                                      "evil.example/-a:1",
                                      "evil.example/a:.x",
                                      "evil.example/\xc3\xa4:1",
                                      "evil.example/a@sha512:" HASH HASH};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char body[512];
        struct silt_pushes pushes = {0};
        const struct sample sample = {.hook = "generic"};
        snprintf(body, sizeof body, "{\"image\":\"%s\"}", bad[i]);
        cr_expect_eq(read_text(&sample, span_of(body), &pushes), SILT_ERR_CORRUPT, "%s", bad[i]);
        silt_hook_clear(&pushes);
    }
}

static bool is_proven(const char *hook, const char *header, const char *value, const char *path)
{
    struct call call = {.parameter = {"secret", path}};
    call.headers[0] = (struct silt_request_field){header, value};
    call.request = (struct silt_request){.headers = {call.headers, header != NULL},
                                         .parameters = {&call.parameter, path != NULL},
                                         .body = span_of("{\"a\":1}")};
    return silt_hook_is_proven(silt_hook_find(hook), &call.request, SECRET);
}

Test(hook, the_secret_as_it_is)
{
    static const char *const values[] = {"Bearer " SECRET, "bearer  " SECRET, SECRET,
                                         "Basic Y2k6YS1zZWNyZXQtdGhhdC1pcy1sb25nLWVub3VnaA=="};
    for (size_t i = 0; i < silt_hook_count(); i++) {
        const char *hook = silt_hook_at(i)->name;
        for (size_t j = 0; j < sizeof values / sizeof *values; j++)
            cr_expect(is_proven(hook, "Authorization", values[j], NULL), "%s: %s", hook, values[j]);
        cr_expect(is_proven(hook, "X-Silt-Secret", SECRET, NULL));
        cr_expect(is_proven(hook, NULL, NULL, SECRET));
        cr_expect_not(is_proven(hook, NULL, NULL, NULL));
        cr_expect_not(is_proven(hook, NULL, NULL, "a-secret-that-is-long-enougH"));
        cr_expect_not(is_proven(hook, "Authorization", "Bearer ", NULL));
        cr_expect_not(is_proven(hook, "Authorization", "Bearer " SECRET "x", NULL));
        cr_expect_not(is_proven(hook, "Authorization", "Basic " SECRET, NULL));
        cr_expect_not(is_proven(hook, "Authorization", "Basic YQ==", NULL));
        cr_expect_not(is_proven(hook, "Cookie", SECRET, NULL));
    }
    cr_expect(is_proven("gitlab", "x-gitlab-token", SECRET, NULL));
    cr_expect(is_proven("jfrog", "X-JFrog-Event-Auth", SECRET, NULL));
    cr_expect_not(is_proven("github", "X-Hub-Signature-256", SECRET, NULL));
}

/* A signature holds for these bytes only, and where there is one, nothing else counts. */
Test(hook, signatures)
{
    static const struct {
        const char *hook, *header, *prefix;
    } signers[] = {{"github", "X-Hub-Signature-256", "sha256="},
                   {"generic", "X-Hub-Signature-256", "sha256="},
                   {"gitea", "X-Gitea-Signature", ""},
                   {"jfrog", "X-JFrog-Event-Auth", ""}};
    char seal[SILT_SEAL_SIZE], other[SILT_SEAL_SIZE], value[100];
    silt_seal_hmac(SECRET, "{\"a\":1}", 7, seal);
    silt_seal_hmac(SECRET, "{\"a\":2}", 7, other);
    for (size_t i = 0; i < 4; i++) {
        snprintf(value, sizeof value, "%s%s", signers[i].prefix, seal);
        cr_expect(is_proven(signers[i].hook, signers[i].header, value, NULL), "%s", signers[i].hook);
        cr_expect_not(is_proven(signers[i].hook, "X-Else", value, NULL));
        snprintf(value, sizeof value, "%s%s", signers[i].prefix, other);
        cr_expect_not(is_proven(signers[i].hook, signers[i].header, value, NULL));
        cr_expect_not(is_proven(signers[i].hook, signers[i].header, value, SECRET));
        cr_expect_not(is_proven(signers[i].hook, signers[i].header, "", NULL));
    }
}

/* The example of GitHub's documentation, "Validating webhook deliveries". */
Test(hook, the_signature_of_githubs_documentation)
{
    char seal[SILT_SEAL_SIZE];
    silt_seal_hmac("It's a Secret to Everybody", "Hello, World!", 13, seal);
    cr_expect_str_eq(seal, "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
}

Test(hook, a_form_is_no_json)
{
    const struct sample sample = {.hook = "github",
                                  .header = {"Content-Type", "application/x-www-form-urlencoded"}};
    struct silt_pushes pushes = {0};
    cr_expect_eq(read_text(&sample, span_of("payload=%7B%7D"), &pushes), SILT_ERR_UNSUPPORTED);
}

Test(hook, event_grid_wants_its_code_back)
{
    const struct sample sample = {.hook = "acr"};
    struct silt_pushes pushes = {0};
    const char *body = "[{\"eventType\":\"Microsoft.EventGrid.SubscriptionValidationEvent\",\"data\":"
                       "{\"validationCode\":\"512d38b6-\\\"C7\",\"validationUrl\":\"https://x/never\"}}]";
    cr_assert_eq(read_text(&sample, span_of(body), &pushes), SILT_OK);
    cr_expect_eq(pushes.count, 0);
    cr_expect_str_eq(pushes.reply, "{\"validationResponse\":\"512d38b6-\\\"C7\"}");
    silt_hook_clear(&pushes);
}

/* The body of a recorded request. */
static char *recorded(const char *name, char *room, size_t size)
{
    char path[512];
    snprintf(path, sizeof path, SILT_SOURCE_DIR "/tests/fixtures/webhooks/%s.http", name);
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    room[fread(room, 1, size - 1, file)] = '\0';
    fclose(file);
    char *body = strstr(room, "\n\n");
    return body != NULL ? body : strstr(room, "\r\n\r\n");
}

Test(hook, recorded_notifications)
{
    static const struct {
        const char *name, *tag, *actor;
        size_t pushes;
    } records[] = {
        {"distribution-push-manifest-oci", "1", "", 1},
        {"distribution-push-manifest-docker", "dockerfmt", "", 1},
        {"distribution-push-index", NULL, "", 1},
        {"distribution-retry-1-of-3-actor", NULL, NULL, 1},
        {"distribution-push-blob", NULL, NULL, 0},
        {"distribution-pull-manifest", NULL, NULL, 0},
        {"distribution-mount-blob", NULL, NULL, 0},
        {"distribution-delete-tag", NULL, NULL, 0},
        {"distribution-delete-digest", NULL, NULL, 0},
    };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        char room[16384];
        const struct sample sample = {.hook = "distribution"};
        struct silt_pushes pushes = {0};
        cr_assert_eq(read_text(&sample, span_of(recorded(records[i].name, room, sizeof room)), &pushes),
                     SILT_OK, "%s", records[i].name);
        cr_assert_eq(pushes.count, records[i].pushes, "%s", records[i].name);
        if (pushes.count > 0) {
            cr_expect(silt_shape_is_digest(pushes.items[0].digest));
            cr_expect(strncmp(pushes.items[0].host, "127.0.0.1:", 10) == 0);
            cr_expect_neq(pushes.items[0].pushed_ms, 0);
            if (records[i].tag != NULL)
                cr_expect_str_eq(pushes.items[0].tag, records[i].tag);
            if (records[i].actor == NULL)
                cr_expect_str_neq(pushes.items[0].actor, "", "%s", records[i].name);
        }
        silt_hook_clear(&pushes);
    }
}
