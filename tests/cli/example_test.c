/*
 * example_test.c: examples of signatures as files.
 */
#include "example.h"

#include <criterion/criterion.h>
#include <string.h>

Test(example, names_a_file_that_the_glob_matches)
{
    static const char *const cases[][2] = {
        {"**/.docker/config.json", ".docker/config.json"},
        {"*.pem", "x.pem"},
        {"**/id_{rsa,dsa}", "id_rsa"},
        {"etc/**/*.conf", "etc/x.conf"},
        {"{,*.}env[a-z]?", "envax"},
        {"[!a]b", "bb"},
        {"**", "x"},
        {"a{b,c*}d{e,f}", "abde"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[SILT_EXAMPLE_NAME_SIZE];
        silt_example_name(cases[i][0], name);
        cr_expect_str_eq(name, cases[i][1], "%s", cases[i][0]);
    }
}

Test(example, is_content_or_path_and_content)
{
    char name[SILT_EXAMPLE_NAME_SIZE];
    struct silt_signature signature = {.path = "", .pattern = "a"};
    struct silt_span content = silt_example_open(&signature, "one\ntwo", name);
    cr_expect_eq(content.size, 7);
    signature.path = "**/.npmrc";
    content = silt_example_open(&signature, "one\ntwo", name);
    cr_expect_str_eq(name, ".npmrc");
    cr_expect_eq(content.size, 7);
    signature.pattern = "";
    content = silt_example_open(&signature, "home/me/.npmrc\ntwo", name);
    cr_expect_str_eq(name, "home/me/.npmrc");
    cr_expect(content.size == 3 && memcmp(content.data, "two", 3) == 0);
    content = silt_example_open(&signature, "home/me/.npmrc", name);
    cr_expect(content.size == 1 && content.data[0] == '\n', "empty files are not looked at");
}
