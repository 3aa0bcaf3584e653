/*
 * compile-signatures.c: a build tool: a directory's signature files to all that makes silt start fast. Not
 * part of the silt command.
 *
 * usage: compile-signatures OUT_DIR DIR
 */
#include <silt/scanner.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct silt_error error = {0};
    struct silt_signatures *set = NULL;
    if (argc != 3) {
        fprintf(stderr, "usage: compile-signatures OUT_DIR DIR\n");
        return 2;
    }
    enum silt_status status = silt_signatures_build(argv[2], argv[1], &error);
    if (status == SILT_OK)
        status = silt_signatures_open(argv[2], argv[1], &set, &error);
    if (status == SILT_OK)
        status = silt_ruleset_build(set, argv[1], &error);
    silt_signatures_free(set);
    if (status == SILT_OK)
        return 0;
    fprintf(stderr, "compile-signatures: %s\n", error.message);
    return 1;
}
