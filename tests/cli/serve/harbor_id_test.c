/*
 * harbor_id_test.c: an id is read as what it was made of, and nothing else is an id.
 */
#include "serve/harbor/harbor.h"

#include <criterion/criterion.h>

#define DIGEST "sha256:d8e66a532ba8d24e2b5903056b484bfafbdef90c0c766de12e4cdfe8060b1f89"

Test(harbor_id, there_and_back)
{
    char id[SILT_HARBOR_ID_SIZE];
    struct silt_harbor_subject subject;
    silt_harbor_id_print(DIGEST, "core.example:443", "team/sub/app", id);
    cr_expect_str_eq(id, DIGEST "~core.example:443~team~sub~app");
    cr_assert(silt_harbor_id_read(id, &subject));
    cr_expect_str_eq(subject.digest, DIGEST);
    cr_expect_str_eq(subject.registry, "core.example:443");
    cr_expect_str_eq(subject.repository, "team/sub/app");
}

Test(harbor_id, nothing_else)
{
    static const char *const bad[] = {NULL,
                                      "",
                                      "~",
                                      "~~",
                                      DIGEST,
                                      DIGEST "~h",
                                      DIGEST "~h~",
                                      DIGEST "~h~..",
                                      "sha256:1~h~a",
                                      DIGEST "~h h~a",
                                      DIGEST "~~a",
                                      DIGEST "~h~a~"};
    struct silt_harbor_subject subject;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_not(silt_harbor_id_read(bad[i], &subject), "%s", bad[i] != NULL ? bad[i] : "NULL");
}
