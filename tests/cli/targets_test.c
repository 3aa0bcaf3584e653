/*
 * targets_test.c: list files among the targets.
 */
#include "targets.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

static struct silt_words expand(const char *text, bool *is_good)
{
    char path[] = "/tmp/silt-targets-XXXXXX", word[64];
    FILE *file = fdopen(mkstemp(path), "w");
    fputs(text, file);
    fclose(file);
    snprintf(word, sizeof word, "@%s", path);
    struct silt_words operands = {(char *[]){"a.jar", word, "@", NULL}, 3}, targets = {0};
    *is_good = silt_targets_expand(&operands, &targets);
    unlink(path);
    return targets;
}

Test(targets, stand_in_lists)
{
    bool is_good;
    struct silt_words targets = expand("# those of today\n  b c.whl \r\n\n@d\noci:e", &is_good);
    cr_assert(is_good);
    cr_assert_eq(targets.count, 5);
    cr_expect_str_eq(targets.items[0], "a.jar");
    cr_expect_str_eq(targets.items[1], "b c.whl");
    cr_expect_str_eq(targets.items[2], "@d", "lists in lists are files");
    cr_expect_str_eq(targets.items[3], "oci:e");
    cr_expect_str_eq(targets.items[4], "@");
    silt_words_clear(&targets);
}

Test(targets, a_list_that_names_nothing_is_a_mistake)
{
    bool is_good;
    struct silt_words targets = expand("# nothing\n", &is_good);
    cr_expect_not(is_good);
    silt_words_clear(&targets);
    targets = (struct silt_words){0};
    cr_expect_not(silt_targets_expand(&(struct silt_words){(char *[]){"@/nonexistent", NULL}, 1}, &targets));
    silt_words_clear(&targets);
}
