/*
 * Image names as people write them.
 */
#include "image/reference.h"

#include <criterion/criterion.h>

Test(reference, what_people_leave_out)
{
    cr_expect(silt_reference_match("alpine", "docker.io/library/alpine:latest"));
    cr_expect(silt_reference_match("docker.io/library/alpine", "alpine:latest"));
    cr_expect(silt_reference_match("x:1", "localhost/x:1"));
    cr_expect(silt_reference_match("a/b:2", "index.docker.io/a/b:2"));
}

Test(reference, what_matters)
{
    cr_expect_not(silt_reference_match("x:1", "x:2"));
    cr_expect_not(silt_reference_match("x:1", "y/x:1"));
    cr_expect_not(silt_reference_match("x", "x:1"));
    cr_expect_not(silt_reference_match("", "x"));
    cr_expect_not(silt_reference_match("ghcr.io/x:1", "x:1"));
}
