/*
 * instruction_test.c: created_by in the words of the Dockerfile.
 */
#include "output/instruction.h"

#include <criterion/criterion.h>
#include <string.h>

Test(instruction, speaks_dockerfile)
{
    static const char *const cases[][2] = {
        {"/bin/sh -c #(nop)  ENV A=b", "ENV A=b"},
        {"/bin/sh -c apt-get  update\t&&\n make ", "RUN apt-get update && make"},
        {"RUN /bin/sh -c make # buildkit", "RUN make"},
        {"COPY app /srv # buildkit", "COPY app /srv"},
        {"|1 A=b /bin/sh -c make", "|1 A=b /bin/sh -c make"},
        {"", ""},
    };
    char out[SILT_INSTRUCTION_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(silt_instruction_print(cases[i][0], out), cases[i][1]);
}

Test(instruction, cuts_between_characters)
{
    char text[1024], out[SILT_INSTRUCTION_SIZE];
    for (size_t start = 0; start < 4; start++) {
        memset(text, 'a', start);
        for (size_t i = start; i + 3 < sizeof text; i += 3)
            memcpy(text + i, "\xe2\x82\xac", 4);
        silt_instruction_print(text, out);
        cr_expect_leq(strlen(out), SILT_INSTRUCTION_SIZE - 1);
        cr_expect_eq((strlen(out) - start) % 3, 0);
    }
}
