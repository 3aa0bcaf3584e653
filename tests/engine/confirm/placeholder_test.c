/*
 * placeholder_test.c: what stands for a secret, and secrets that must not be taken for it.
 */
#include "confirm/placeholder.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static enum silt_placeholder kind(const char *text)
{
    return silt_placeholder_kind(silt_span_text(text));
}

#define EXPECT_ALL(wanted, ...)                                                                              \
    do {                                                                                                     \
        static const char *const values[] = {__VA_ARGS__};                                                   \
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)                                        \
            cr_expect_eq(kind(values[i]), wanted, "%s is %s", values[i],                                     \
                         silt_placeholder_name(kind(values[i])));                                            \
    } while (0)

Test(placeholder, repeated)
{
    EXPECT_ALL(SILT_PLACEHOLDER_REPEATED, "xxxxxxxxxxxx", "00000000-0000-0000-0000-000000000000",
               "AKIAXXXXXXXXXXXXXXXX", "abababababab",
               "ghp_"
               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
               "11112222333344445555", "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX");
}

Test(placeholder, sequence)
{
    EXPECT_ALL(SILT_PLACEHOLDER_SEQUENCE, "12345", "1234567890", "abcdefghijkl", "qwertyuiop", "asdfghjkl",
               "987654321",
               "sk_live_"
               "1234567890abcdefghijklmnop",
               "0123456789abcdef0123456789abcdef");
}

Test(placeholder, word)
{
    EXPECT_ALL(SILT_PLACEHOLDER_WORD, "changeme", "CHANGEME", "change_me_please", "your-api-key-here",
               "YOUR_TOKEN", "yourPasswordHere", "example", "AKIAIOSFODNN7EXAMPLE", "todo", "redacted",
               "dummy", "null", "None", "true", "my-secret-token", "insert_key",
               "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "some_secret_value");
}

Test(placeholder, variable)
{
    EXPECT_ALL(SILT_PLACEHOLDER_VARIABLE, "${DB_PASSWORD}", "{{ token }}", "{{token}}", "%(password)s",
               "<token>", "<your token>", "$(cat key)", "#{secret}", "$DB_PASSWORD", "%PASSWORD%",
               "@PASSWORD@", "{password}", "${{ secrets.TOKEN", "$password");
}

Test(placeholder, mask)
{
    EXPECT_ALL(SILT_PLACEHOLDER_MASK, "****", "********", "AKIA************ABCD", "ghp_...", "......",
               "abc\xe2\x80\xa6xyz");
}

Test(placeholder, none)
{
    EXPECT_ALL(SILT_PLACEHOLDER_NONE, "S3cr3t!Pass", "hunter2hunter", "aaa7Kd92mPqLx", "$ecret1pw",
               "p@ssw0rd!x", "correct-horse-battery", "Tr0ub4dor&3", "d34db33f",
               "AAAAB3NzaC1yc2EAAAADAQABAAAB", "x1234y9Kd", "MyS3rviceP4ss", "enterprise", "ENTERPRISE",
               "mysterious", "yourself", "nullify77", "trueblue9", "{\"a\":1}", "your2cents!9", "");
}

Test(placeholder, is_not_seen_in_random_tokens)
{
    static const char *const alphabets[] = {
        "0123456789abcdef", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};
    unsigned state = 5;
    char token[64];
    for (int round = 0; round < 60000; round++) {
        const char *alphabet = alphabets[round % 3];
        size_t size = 16 + (size_t)rand_r(&state) % 40;
        for (size_t k = 0; k < size; k++)
            token[k] = alphabet[(size_t)rand_r(&state) % strlen(alphabet)];
        memset(token + 2, 'A', 3);
        cr_assert_eq(silt_placeholder_kind(silt_span_of(token, size)), SILT_PLACEHOLDER_NONE, "%.*s",
                     (int)size, token);
    }
}

Test(placeholder, long_runs_inside_real_formats_are_none)
{
    /* X bearer tokens begin with 21 A's; Dropbox tokens hold ten. */
    EXPECT_ALL(SILT_PLACEHOLDER_NONE,
               "AAAAAAAAAAAAAAAAAAAAA"
               "Mf8dQz7Lk2Pw9xRt5Vb3Nc6Hj4Gs8Ky7Td5Fm2Qr9Zp6",
               "Kd92mPqLx7B"
               "AAAAAAAAAA"
               "mPqLx7Kd92Vb3Nc6Hj4Gs8Ky7Td5Fm2Qr9Zp6Mf8dQz7Lk");
}

Test(placeholder, values_of_any_bytes)
{
    uint8_t bytes[300] = {0};
    cr_expect_eq(silt_placeholder_kind(silt_span_of(bytes, 257)), SILT_PLACEHOLDER_NONE,
                 "too long to be judged");
    for (int i = 0; i < 300; i++)
        bytes[i] = (uint8_t)(i * 37);
    for (size_t size = 0; size < 300; size++)
        silt_placeholder_kind(silt_span_of(bytes, size));
}
