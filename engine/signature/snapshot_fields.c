/*
 * snapshot_fields.c: the table of a signature's fields.
 */
#include "signature/snapshot_fields.h"

#include "signature/definition.h"

#include <assert.h>

#define TARGET(member) offsetof(struct silt_signature, member)

static const struct silt_snapshot_field fields[] = {
    {.target = TARGET(id), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(name), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(provider), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(severity), .kind = SILT_SNAPSHOT_NUMBER, .least = SILT_INFO, .most = SILT_CRITICAL},
    {.target = TARGET(confidence),
     .kind = SILT_SNAPSHOT_NUMBER,
     .least = SILT_CONFIDENCE_LOW,
     .most = SILT_CONFIDENCE_HIGH},
    {.target = TARGET(pattern), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(prefilter), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(path), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(keywords), .kind = SILT_SNAPSHOT_LIST},
    {.target = TARGET(within), .kind = SILT_SNAPSHOT_NUMBER, .least = 1, .most = SILT_DEFINITION_WITHIN_MAX},
    {.target = TARGET(validators), .kind = SILT_SNAPSHOT_LIST},
    {.target = TARGET(min_score), .kind = SILT_SNAPSHOT_SCORE},
    {.target = TARGET(companion), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(companion_within),
     .kind = SILT_SNAPSHOT_NUMBER,
     .least = 1,
     .most = SILT_DEFINITION_WITHIN_MAX},
    {.target = TARGET(allow), .kind = SILT_SNAPSHOT_LIST},
    {.target = TARGET(description), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(remediation), .kind = SILT_SNAPSHOT_TEXT},
    {.target = TARGET(references), .kind = SILT_SNAPSHOT_LIST},
    {.target = TARGET(examples_match), .kind = SILT_SNAPSHOT_LIST},
    {.target = TARGET(examples_no_match), .kind = SILT_SNAPSHOT_LIST},
    {.target = TARGET(file), .kind = SILT_SNAPSHOT_FILE},
};

/* A new member of the struct needs a row above. */
static_assert(sizeof(struct silt_signature) == 20 * sizeof(void *), "the table names all members");
static_assert(sizeof(enum silt_severity) == sizeof(uint32_t), "an enum is a number of 32 bits");
static_assert(sizeof(enum silt_confidence) == sizeof(uint32_t), "an enum is a number of 32 bits");
static_assert(sizeof(double) == 2 * sizeof(uint32_t), "a score is two words");

const struct silt_snapshot_field *silt_snapshot_fields(size_t *count)
{
    *count = sizeof fields / sizeof fields[0];
    return fields;
}
