/*
 * announcer_test.c: names of channels, which are kept and shown: they tell channels apart, and no secret.
 */
#include "serve/announcer.h"

#include "serve/announcements/announcement.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static const char *name_of(const char *kind, const char *url, char out[SILT_ANNOUNCER_NAME_SIZE])
{
    const struct silt_settings_announcement it = {.kind = kind, .url = url};
    return silt_announcer_print_name(&it, out);
}

Test(announcer, names_hold_no_secret)
{
    char name[SILT_ANNOUNCER_NAME_SIZE], other[SILT_ANNOUNCER_NAME_SIZE];
    name_of("slack", "https://user:word@hooks.example:8443/services/T0/B0/xyzzy?k=v", name);
    cr_expect_eq(strncmp(name, "slack hooks.example:8443 ", 25), 0, "%s", name);
    cr_expect_null(strstr(name, "word"));
    cr_expect_null(strstr(name, "xyzzy"));
    cr_expect_str_neq(name, name_of("slack", "https://hooks.example:8443/services/T0/B0/other", other));
    cr_expect_str_eq(name_of("referrer", NULL, name), "referrer");
    char url[600] = "https://";
    memset(url + 8, 'a', 500);
    cr_expect_lt(strlen(name_of("webhook", url, name)), (size_t)SILT_ANNOUNCER_NAME_SIZE);
    cr_expect_not_null(strrchr(name, ' '), "the hash is there");
}

/* What the configuration takes, there is. */
Test(announcer, every_kind_of_the_settings)
{
    static const char *const kinds[] = {"webhook", "slack", "cloudevents", "referrer"};
    for (size_t i = 0; i < 4; i++) {
        const struct silt_announcement_kind *kind = silt_announcement_find(kinds[i]);
        cr_assert_not_null(kind, "%s", kinds[i]);
        cr_expect_str_eq(kind->name, kinds[i]);
        cr_expect((kind->make != NULL) != (kind->announce != NULL));
    }
    cr_expect_null(silt_announcement_find("letter"));
}

Test(announcer, channels)
{
    struct silt_settings_announcement items[] = {
        {.kind = "webhook", .url = "https://a.example/x", .min_severity = SILT_HIGH}, {.kind = "referrer"}};
    const struct silt_settings settings = {.announcements = items, .announcement_count = 2};
    struct silt_store_channel *channels = silt_announcer_channels_new(&settings);
    cr_assert_not_null(channels);
    cr_expect_eq(channels[0].min_severity, SILT_HIGH);
    cr_expect_not(channels[0].wants_all);
    cr_expect(channels[1].wants_all, "a clean scan is told to the registry");
    cr_expect_str_eq(channels[1].name, "referrer");
    silt_announcer_channels_free(channels);
}
