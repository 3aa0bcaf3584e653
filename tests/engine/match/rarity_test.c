/*
 * Rarity: no model, but it must rank what matters for choosing.
 */
#include "match/rarity.h"

#include <criterion/criterion.h>
#include <string.h>

static double rate(const char *text)
{
    return silt_rarity_rate((const uint8_t *)text, (unsigned)strlen(text), 0);
}

Test(rarity, ranks_texts)
{
    static const char *const from_common_to_rare[] = {"key", "token", "secret", "xoxb", "T3BlbkFJ"};
    for (size_t i = 1; i < sizeof from_common_to_rare / sizeof from_common_to_rare[0]; i++)
        cr_expect_gt(rate(from_common_to_rare[i - 1]), rate(from_common_to_rare[i]), "%s before %s",
                     from_common_to_rare[i - 1], from_common_to_rare[i]);
    cr_expect_gt(rate("T3BlbkFJT3BlbkFJ"), 0);
    cr_expect_geq(silt_rarity_rate((const uint8_t *)"vendor", 6, 0x3f), rate("vendor"));
}
