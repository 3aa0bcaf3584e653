/*
 * check_uri_test.c: passwords in URIs, alone with their surroundings and as whole URIs.
 */
#include "trial.h"

static struct silt_ruling around(const char *before, const char *password, const char *after)
{
    struct silt_claim claim = {
        .secret = silt_span_text(password), .before = silt_span_text(before), .after = silt_span_text(after)};
    struct silt_ruling ruling = {.validation = SILT_VALIDATION_NONE};
    silt_check_find("uri-password")->run(&claim, &ruling);
    return ruling;
}

Test(check_uri, names_the_host)
{
    cr_expect_str_eq(around("postgres://app:", "k9Qw3ZrT", "@db.acme.io:5432/x").detail,
                     "password for host db.acme.io");
    cr_expect_str_eq(around("amqp://app:", "k9Qw3ZrT", "@[2001:db8::1]:5672").detail,
                     "password for host [2001:db8::1]");
    cr_expect_str_eq(trial_check_text("uri-password", "https://bot:k9Qw3ZrT@git.acme.io/r.git").detail,
                     "password for host git.acme.io");
    cr_expect_eq(around("x:", "k9Qw3ZrT", "").validation, SILT_VALIDATION_NONE, "no host to be seen");
}

Test(check_uri, knows_placeholders_and_samples)
{
    cr_expect(around("postgres://app:", "${DB_PASS}", "@db").is_noise);
    cr_expect(around("postgres://app:", "changeme", "@db").is_noise);
    cr_expect(around("postgres://app:", "%24%7BDB_PASS%7D", "@db").is_noise, "percent-encoded");
    cr_expect(around("postgres://user:", "pass", "@db").is_noise);
    cr_expect(around("https://username:", "Passwd", "@db").is_noise);
    cr_expect_not(around("postgres://app:", "k9Qw3ZrT", "@db").is_noise);
    cr_expect_not(around("postgres://admin:", "pass", "@db").is_noise, "a bad password is one");
    cr_expect(trial_check_text("uri-password", "https://u:xxxxxxxx@git.acme.io/").is_noise);
}

Test(check_uri, lowers_local_and_documentation_hosts)
{
    cr_expect(around("redis://:", "k9Qw3ZrT", "@localhost:6379").is_lowered);
    cr_expect(around("redis://:", "k9Qw3ZrT", "@127.0.0.1").is_lowered);
    cr_expect(around("redis://:", "k9Qw3ZrT", "@cache.example.com/0").is_lowered);
    cr_expect(around("redis://:", "k9Qw3ZrT", "@cache.test").is_lowered);
    cr_expect_not(around("redis://:", "k9Qw3ZrT", "@cache.acme.io").is_lowered);
    cr_expect_not(around("redis://:", "k9Qw3ZrT", "@localhost.acme.io").is_lowered);
}

Test(check_uri, takes_any_bytes)
{
    static const char *const texts[] = {"",       ":",      "@",         "://",     "a://",     "a://@",
                                        "a://b@", "a://:@", "a://b:@c",  "a://b:c", "a://b:c@", "%",
                                        "%4",     "%zz",    "a://b:%@c", "a://[",   "a://b:c@["};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        trial_check_text("uri-password", texts[i]);
        around(texts[i], texts[sizeof texts / sizeof texts[0] - 1 - i], texts[i]);
    }
    cr_expect_eq(trial_check_text("uri-password", "a://b:@c").validation, SILT_VALIDATION_INVALID);
}
