/*
 * verdict_test.c: exit codes, all sixteen cases.
 */
#include "verdict.h"

#include <criterion/criterion.h>

Test(verdict, follows_the_contract)
{
    for (int bits = 0; bits < 16; bits++) {
        const struct silt_verdict verdict = {bits & 1, bits & 2, bits & 4, bits & 8};
        int expected = 3;
        if (verdict.has_failed)
            expected = 2;
        else if (verdict.has_findings)
            expected = 1; /* wins over 3 */
        else if (verdict.is_complete || verdict.allow_incomplete)
            expected = 0;
        cr_expect_eq(silt_verdict_exit(&verdict), expected, "case %d", bits);
    }
}
