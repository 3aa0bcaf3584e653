/*
 * store_test.c: what becomes of scans: images, layers, findings and their lives, news, figures.
 */
#include "serve/store.h"

#include "cli/sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DAY_MS = 24 * 60 * 60 * 1000 };

static int64_t clock_now = INT64_C(1700000000000);

static int64_t now(void)
{
    return clock_now;
}

static const struct silt_store_channel channels[] = {
    {.name = "webhook", .min_severity = SILT_HIGH},
    {.name = "referrer", .min_severity = SILT_INFO, .wants_all = true},
};

static char folder[32], path[64];

static struct silt_store *open_store(void)
{
    struct silt_store *store = NULL;
    struct silt_error error = {0};
    struct silt_store_settings settings = {path, channels, 2, now};
    cr_assert_eq(silt_store_new(&settings, &store, &error), SILT_OK, "%s", error.message);
    return store;
}

static void set_up(void)
{
    strcpy(folder, "/tmp/silt-store-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/serve.db", folder);
}

static void tear_down(void)
{
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert_eq(system(command), 0);
}

TestSuite(store, .init = set_up, .fini = tear_down);

/* A scan of an image with some findings. Findings are numbered: the number is in fingerprint and path. */
struct told {
    struct silt_results_target target;
    struct silt_image image;
    struct silt_finding findings[4];
    char paths[4][32], digest[80];
    struct silt_store_scan scan;
};

static struct silt_store_scan *tell(struct told *told, unsigned image, const char *tag, const char *numbers)
{
    *told = (struct told){.image = sample_image};
    snprintf(told->digest, sizeof told->digest, "sha256:%064u", image);
    told->image.digest = told->digest;
    size_t count = 0;
    for (const char *number = numbers; *number != '\0'; number++, count++) {
        struct silt_finding *finding = &told->findings[count];
        size_t size = (size_t)snprintf(told->paths[count], sizeof told->paths[0], "etc/app-%c.yml", *number);
        *finding =
            sample_finding(&sample_token, 1, (struct silt_span){(const uint8_t *)told->paths[count], size});
        finding->fingerprint[0] = *number;
    }
    told->target =
        (struct silt_results_target){.info = {"docker://x", SILT_TARGET_IMAGE, &told->image},
                                     .findings = told->findings,
                                     .finding_count = count,
                                     .coverage = {.entries = 7, .bytes = 1000, .bytes_scanned = 1000},
                                     .has_ended = true,
                                     .is_complete = true};
    told->scan = (struct silt_store_scan){.registry = "reg.example.com",
                                          .repository = "team/app",
                                          .digest = told->digest,
                                          .tag = tag,
                                          .origin = "test",
                                          .signatures = "sha256:abc",
                                          .pushed_ms = clock_now,
                                          .targets = &told->target,
                                          .target_count = 1};
    return &told->scan;
}

static struct silt_store_news put(struct silt_store *store, const struct silt_store_scan *scan)
{
    struct silt_store_news news;
    struct silt_error error = {0};
    cr_assert_eq(silt_store_put_scan(store, scan, &news, &error), SILT_OK, "%s", error.message);
    return news;
}

/* What a list answers, as text: "id:state …" */
static char listed[4000];

static bool note_finding(void *context, const struct silt_store_finding *finding)
{
    sprintf(listed + strlen(listed), "%c:%s ", finding->fingerprint[0],
            silt_store_state_name(finding->state));
    if (context != NULL)
        *(int64_t *)context = finding->id;
    return true;
}

static const char *findings(struct silt_store *store, struct silt_store_filter filter)
{
    *listed = '\0';
    struct silt_error error = {0};
    if (filter.limit == 0)
        filter.limit = 100;
    cr_assert_eq(silt_store_findings(store, &filter, note_finding, NULL, &error), SILT_OK, "%s",
                 error.message);
    return listed;
}

static int64_t finding_id(struct silt_store *store, const char *number)
{
    int64_t id = 0;
    char name[32];
    snprintf(name, sizeof name, "app-%s.yml", number);
    struct silt_store_filter filter = {.text = name, .limit = 1};
    cr_assert_eq(silt_store_findings(store, &filter, note_finding, &id, NULL), SILT_OK);
    return id;
}

Test(store, keeps_a_scan)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_news news = put(store, tell(&told, 1, "1.0 latest", "ab"));
    cr_expect_eq(news.found, 2);
    cr_expect_neq(news.event, 0);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:open ");
    struct silt_store_stats stats;
    cr_assert_eq(silt_store_stats(store, &stats, NULL), SILT_OK);
    cr_expect_eq(stats.registries, 1);
    cr_expect_eq(stats.images, 1);
    cr_expect_eq(stats.layers, 3);
    cr_expect_eq(stats.findings[SILT_STORE_OPEN][SILT_CRITICAL], 2);
    struct stat info;
    cr_assert_eq(stat(path, &info), 0);
    cr_expect_eq(info.st_mode & 0777, 0600);
    silt_store_free(store);
}

static bool check_image(void *context, const struct silt_store_image *image)
{
    (*(int *)context)++;
    cr_expect_str_eq(image->registry, "reg.example.com");
    cr_expect_str_eq(image->repository, "team/app");
    cr_expect_str_eq(image->tags, "1.0 latest");
    cr_expect_str_eq(image->platform, "linux/amd64");
    cr_expect_eq(image->layer_count, 3);
    cr_expect_eq(image->entries, 7);
    cr_expect_eq(image->open[SILT_CRITICAL], 2);
    cr_expect(image->is_current && image->is_complete);
    cr_expect_str_eq(image->problem, "");
    return true;
}

static bool check_layer(void *context, const struct silt_store_layer *layer)
{
    int position = (*(int *)context)++;
    cr_expect_eq(layer->is_empty, position == 2);
    cr_expect_eq(layer->finding_count, position == 1 ? 2 : 0);
    if (position == 1) {
        cr_expect_str_eq(layer->created_by, "COPY app /srv/app # buildkit");
        cr_expect_eq(layer->size_bytes, 1834221);
        cr_expect_eq(layer->image_count, 1);
    }
    return true;
}

static bool check_finding(void *context, const struct silt_store_finding *finding)
{
    (*(int *)context)++;
    cr_expect_str_eq(finding->path, "etc/app-a.yml");
    cr_expect_str_eq(finding->signature, "example.token");
    cr_expect_str_eq(finding->name, "Example access token");
    cr_expect_str_eq(finding->references, "[\"https://example.com/tokens\"]");
    cr_expect_eq(finding->line, 12);
    cr_expect_eq(finding->layer, 1);
    cr_expect_str_eq(finding->layer_diff_id, "sha256:bbbb");
    cr_expect_str_eq(finding->created_by, "COPY app /srv/app # buildkit");
    cr_expect_eq(finding->image_count, 1);
    return true;
}

Test(store, tells_all_of_it)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_news news = put(store, tell(&told, 1, "1.0 latest", "ab"));
    int images = 0, layers = 0, met = 0;
    struct silt_store_filter filter = {.tag = "latest", .limit = 10};
    cr_expect_eq(silt_store_images(store, &filter, check_image, &images, NULL), SILT_OK);
    cr_expect_eq(silt_store_image(store, news.image, check_image, &images, NULL), SILT_OK);
    cr_expect_eq(images, 2);
    cr_expect_eq(silt_store_image(store, 77, check_image, &images, NULL), SILT_ERR_NOT_FOUND);
    cr_expect_eq(silt_store_layers(store, news.image, check_layer, &layers, NULL), SILT_OK);
    cr_expect_eq(layers, 4);
    cr_expect_eq(silt_store_finding(store, finding_id(store, "a"), check_finding, &met, NULL), SILT_OK);
    cr_expect_eq(met, 1);
    cr_expect_eq(silt_store_finding(store, 77, check_finding, &met, NULL), SILT_ERR_NOT_FOUND);
    silt_store_free(store);
}

Test(store, putting_twice_changes_nothing)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "1.0", "ab"));
    struct silt_store_news again = put(store, &told.scan);
    cr_expect_eq(again.found, 0);
    cr_expect_eq(again.event, 0);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:open ");
    silt_store_free(store);
}

Test(store, a_newer_image_of_the_tag_fixes)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "1.0", "ab"));
    clock_now += 1000;
    struct silt_store_news news = put(store, tell(&told, 2, "1.0", "bc"));
    cr_expect_eq(news.found, 1);
    cr_expect_eq(news.fixed, 1);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "c:open b:open a:fixed ");
    clock_now += 1000;
    news = put(store, tell(&told, 3, "1.0", "a"));
    cr_expect_eq(news.found, 1, "it is back, and that is news");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "c:fixed b:fixed a:open ");
    silt_store_free(store);
}

Test(store, another_tag_that_has_it_keeps_it_open)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "dev prod", "a"));
    clock_now += 1000;
    put(store, tell(&told, 2, "dev", ""));
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:open ");
    clock_now += 1000;
    put(store, tell(&told, 3, "prod", ""));
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:fixed ");
    silt_store_free(store);
}

Test(store, what_arrives_late_moves_no_tag_back)
{
    struct silt_store *store = open_store();
    struct told old, new;
    tell(&old, 1, "1.0", "a");
    clock_now += 5000;
    put(store, tell(&new, 2, "1.0", ""));
    struct silt_store_news news = put(store, &old.scan);
    cr_expect_eq(news.found, 1);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:fixed ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.only_current = true}), "");
    silt_store_free(store);
}

Test(store, each_tag_has_its_time)
{
    struct silt_store *store = open_store();
    struct told first, second;
    tell(&first, 1, "1.0 latest", "a");
    first.scan.tag_times = "1600000000000 1800000000000";
    put(store, tell(&second, 2, "1.0 latest", ""));
    put(store, &first.scan);
    struct silt_store_filter one = {.tag = "1.0", .digest = second.digest, .limit = 1},
                             latest = {.tag = "latest", .digest = first.digest, .limit = 1};
    uint64_t count;
    cr_expect_eq(silt_store_count_images(store, &one, &count, NULL), SILT_OK);
    cr_expect_eq(count, 1);
    cr_expect_eq(silt_store_count_images(store, &latest, &count, NULL), SILT_OK);
    cr_expect_eq(count, 1);
    silt_store_free(store);
}

Test(store, an_incomplete_scan_fixes_nothing)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "1.0", "a"));
    clock_now += 1000;
    tell(&told, 2, "1.0", "");
    told.target.is_complete = false;
    put(store, &told.scan);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:open ");
    struct silt_store_news news;
    cr_expect_eq(silt_store_know_scan(store, &told.scan, &news, NULL), SILT_ERR_NOT_FOUND,
                 "it is to be tried again");
    told.target.is_complete = true;
    put(store, &told.scan);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:fixed ");
    silt_store_free(store);
}

Test(store, knows_what_was_scanned)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_news news;
    tell(&told, 1, "1.0", "a");
    cr_expect_eq(silt_store_know_scan(store, &told.scan, &news, NULL), SILT_ERR_NOT_FOUND);
    put(store, &told.scan);
    told.scan.tag = "1.1";
    cr_expect_eq(silt_store_know_scan(store, &told.scan, &news, NULL), SILT_OK);
    uint64_t count;
    struct silt_store_filter filter = {.tag = "1.1"};
    cr_expect_eq(silt_store_count_images(store, &filter, &count, NULL), SILT_OK);
    cr_expect_eq(count, 1, "the tag points there");
    told.scan.signatures = "sha256:def";
    cr_expect_eq(silt_store_know_scan(store, &told.scan, &news, NULL), SILT_ERR_NOT_FOUND,
                 "newer signatures");
    silt_store_free(store);
}

Test(store, ignoring)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "1.0", "ab"));
    struct silt_store_ignore ignore = {finding_id(store, "a"), "a test key", "ops", clock_now + 5000, false};
    cr_expect_eq(silt_store_ignore(store, &ignore, NULL), SILT_OK);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:ignored ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.has_state = true}), "b:open ");
    clock_now += 1000;
    put(store, tell(&told, 2, "1.0", "ab"));
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:ignored ", "it stays so");
    cr_expect_eq(silt_store_tidy(store, 0, NULL), SILT_OK);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:ignored ");
    clock_now += 5000;
    cr_expect_eq(silt_store_tidy(store, 0, NULL), SILT_OK);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:open ", "its time is over");
    ignore.whole_secret = true;
    ignore.until_ms = 0;
    cr_expect_eq(silt_store_ignore(store, &ignore, NULL), SILT_OK);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:ignored a:ignored ");
    cr_expect_eq(silt_store_reopen(store, ignore.finding, NULL), SILT_OK);
    cr_expect_eq(silt_store_reopen(store, ignore.finding, NULL), SILT_ERR_NOT_FOUND);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:ignored a:open ");
    ignore.finding = 99;
    cr_expect_eq(silt_store_ignore(store, &ignore, NULL), SILT_ERR_NOT_FOUND);
    silt_store_free(store);
}

Test(store, a_comment_in_the_image_ignores)
{
    struct silt_store *store = open_store();
    struct told told;
    tell(&told, 1, "1.0", "a");
    told.findings[0].allowed_by = "comment";
    told.findings[0].allowed_reason = "made up";
    cr_expect_eq(put(store, &told.scan).found, 0);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:ignored ");
    clock_now += 1000;
    cr_expect_eq(put(store, tell(&told, 2, "1.0", "a")).found, 1, "the comment is gone");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "a:open ");
    silt_store_free(store);
}

Test(store, filters_and_pages)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_news first = put(store, tell(&told, 1, "1.0", "ab"));
    tell(&told, 2, "1.0", "c");
    told.scan.repository = "team/other";
    struct silt_store_news second = put(store, &told.scan);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.limit = 2}), "c:open b:open ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.before = finding_id(store, "b")}),
                     "a:open ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.repository = "team/other"}), "c:open ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.image = first.image}), "b:open a:open ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.event = second.event}), "c:open ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.text = "APP-B"}), "b:open ");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.text = "%"}), "", "no wildcard");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.signature = "other"}), "");
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.text = "'; DROP TABLE finding; --"}), "");
    uint64_t count;
    struct silt_store_filter all = {.min_severity = SILT_CRITICAL};
    cr_expect_eq(silt_store_count_findings(store, &all, &count, NULL), SILT_OK);
    cr_expect_eq(count, 3);
    silt_store_free(store);
}

Test(store, announcements)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_event event, again;
    struct silt_store_news news = put(store, tell(&told, 1, "1.0", "ab"));
    cr_assert_eq(silt_store_take_event(store, "webhook", &event, NULL), SILT_OK);
    cr_expect_eq(event.id, news.event);
    cr_expect_eq(event.new_findings, 2);
    cr_expect_eq(event.worst, SILT_CRITICAL);
    cr_expect_eq(event.attempts, 1);
    cr_expect_str_eq(event.repository, "team/app");
    cr_expect_eq(silt_store_take_event(store, "webhook", &again, NULL), SILT_END, "somebody sends it");
    struct silt_store_unsent unsent = {.reason = "503"};
    cr_expect_eq(silt_store_event_unsent(store, "webhook", event.id, &unsent, NULL), SILT_OK);
    cr_expect_eq(silt_store_take_event(store, "webhook", &again, NULL), SILT_END);
    clock_now += 11000;
    cr_assert_eq(silt_store_take_event(store, "webhook", &again, NULL), SILT_OK);
    cr_expect_str_eq(again.uid, event.uid);
    cr_expect_eq(again.attempts, 2);
    silt_store_event_clear(&again);
    clock_now += 3 * 60 * 1000;
    cr_assert_eq(silt_store_take_event(store, "webhook", &again, NULL), SILT_OK, "who sent it died");
    cr_expect_eq(silt_store_event_sent(store, "webhook", again.id, NULL), SILT_OK);
    silt_store_event_clear(&again);
    silt_store_event_clear(&event);
    clock_now += DAY_MS;
    cr_expect_eq(silt_store_take_event(store, "webhook", &again, NULL), SILT_END);
    cr_assert_eq(silt_store_take_event(store, "referrer", &again, NULL), SILT_OK, "each channel for itself");
    silt_store_event_clear(&again);
    silt_store_free(store);
}

Test(store, who_wants_what)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_event event;
    put(store, tell(&told, 1, "1.0", ""));
    cr_expect_eq(silt_store_take_event(store, "webhook", &event, NULL), SILT_END, "nothing was found");
    cr_assert_eq(silt_store_take_event(store, "referrer", &event, NULL), SILT_OK);
    cr_expect_eq(event.new_findings, 0);
    silt_store_event_clear(&event);
    tell(&told, 2, "1.0", "a");
    told.findings[0].severity = SILT_LOW;
    put(store, &told.scan);
    cr_expect_eq(silt_store_take_event(store, "webhook", &event, NULL), SILT_END, "not grave enough");
    silt_store_free(store);
}

static bool check_channel(void *context, const struct silt_store_channel_state *channel)
{
    (*(int *)context)++;
    if (strcmp(channel->name, "webhook") == 0) {
        cr_expect_eq(channel->given_up, 1);
        cr_expect_str_eq(channel->reason, "404");
    }
    return true;
}

Test(store, gives_up_announcing)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_event event;
    int count = 0;
    put(store, tell(&told, 1, "1.0", "a"));
    cr_assert_eq(silt_store_take_event(store, "webhook", &event, NULL), SILT_OK);
    struct silt_store_unsent unsent = {.reason = "404"};
    clock_now += INT64_C(4) * DAY_MS;
    cr_expect_eq(silt_store_event_unsent(store, "webhook", event.id, &unsent, NULL), SILT_OK);
    silt_store_event_clear(&event);
    clock_now += DAY_MS;
    cr_expect_eq(silt_store_take_event(store, "webhook", &event, NULL), SILT_END);
    cr_expect_eq(silt_store_channels(store, check_channel, &count, NULL), SILT_OK);
    cr_expect_eq(count, 2);
    silt_store_free(store);
}

Test(store, reports)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_store_report report = {"sarif", "{}", 2};
    tell(&told, 1, "1.0", "a");
    told.scan.reports = &report;
    told.scan.report_count = 1;
    struct silt_store_news news = put(store, &told.scan);
    char *data = NULL;
    size_t size;
    cr_assert_eq(silt_store_report(store, news.image, "sarif", &data, &size, NULL), SILT_OK);
    cr_expect_eq(size, 2);
    cr_expect_str_eq(data, "{}");
    free(data);
    cr_expect_eq(silt_store_report(store, news.image, "json", &data, &size, NULL), SILT_ERR_NOT_FOUND);
    silt_store_free(store);
}

Test(store, forgets)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "1.0", "a"));
    clock_now += 1000;
    put(store, tell(&told, 2, "1.0", "b"));
    clock_now += INT64_C(10) * DAY_MS;
    cr_expect_eq(silt_store_tidy(store, (uint64_t)30 * DAY_MS, NULL), SILT_OK);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open a:fixed ");
    cr_expect_eq(silt_store_tidy(store, (uint64_t)5 * DAY_MS, NULL), SILT_OK);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){0}), "b:open ", "the tag's image stays");
    struct silt_store_stats stats;
    cr_assert_eq(silt_store_stats(store, &stats, NULL), SILT_OK);
    cr_expect_eq(stats.images, 1);
    silt_store_free(store);
}

static bool note_day(void *context, const struct silt_store_day *day)
{
    (void)context;
    sprintf(listed + strlen(listed), "%d/%d/%d/%d ", (int)day->images, (int)day->found, (int)day->fixed,
            (int)day->open_at_end);
    return true;
}

Test(store, trends)
{
    struct silt_store *store = open_store();
    struct told told;
    put(store, tell(&told, 1, "1.0", "ab"));
    clock_now += DAY_MS;
    put(store, tell(&told, 2, "1.0", "b"));
    clock_now += DAY_MS;
    *listed = '\0';
    cr_expect_eq(silt_store_trend(store, 4, note_day, NULL, NULL), SILT_OK);
    cr_expect_str_eq(listed, "0/0/0/0 1/2/0/2 1/0/1/1 0/0/0/1 ");
    silt_store_free(store);
}

/* Escapes, bytes that are no UTF-8, markup: kept as text, and no secret in the file. */
Test(store, hostile_text_and_no_secret)
{
    struct silt_store *store = open_store();
    struct told told;
    tell(&told, 1, "1.0", "a");
    told.findings[0].place.path = SPAN("in side/" HOSTILE MARKUP);
    told.findings[0].created_by = HOSTILE;
    put(store, &told.scan);
    cr_expect_str_eq(findings(store, (struct silt_store_filter){.text = "in side/"}), "a:open ");
    silt_store_free(store);
    char command[160];
    snprintf(command, sizeof command, "! cat %s/serve.db* | grep -q thesecretitself", folder);
    cr_expect_eq(system(command), 0, "the secret is in the file");
}

Test(store, a_target_without_an_image)
{
    struct silt_store *store = open_store();
    struct told told;
    struct silt_problem problem = {.status = SILT_ERR_IO, .message = "the registry answered 500"};
    tell(&told, 1, "1.0", "");
    told.target.info.image = NULL;
    told.target.is_complete = false;
    told.target.problems = &problem;
    told.target.problem_count = 1;
    put(store, &told.scan);
    struct silt_store_stats stats;
    cr_assert_eq(silt_store_stats(store, &stats, NULL), SILT_OK);
    cr_expect_eq(stats.incomplete_images, 1);
    silt_store_free(store);
}

Test(store, files_that_are_not_ours)
{
    struct silt_store *store = NULL;
    struct silt_error error = {0};
    struct silt_store_settings settings = {path, channels, 2, now};
    FILE *file = fopen(path, "w");
    fputs("this is no database, and it is longer than a header", file);
    for (int i = 0; i < 100; i++)
        fputs("this is no database", file);
    fclose(file);
    cr_expect_eq(silt_store_new(&settings, &store, &error), SILT_ERR_CORRUPT);
    cr_expect_neq(*error.message, '\0');
}
