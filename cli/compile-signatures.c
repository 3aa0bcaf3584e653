/*
 * compile-signatures.c: a build tool: signature files to compiled databases. Not part of the silt command.
 *
 * usage: compile-signatures OUT_DIR FILE|DIR...
 */
#include <silt/scanner.h>
#include <stdio.h>

static enum silt_status compile(struct silt_signatures *set, const char *out_dir, char **paths,
                                struct silt_error *error)
{
    enum silt_status status = SILT_OK;
    for (; *paths != NULL && status == SILT_OK; paths++)
        status = silt_signatures_add(set, *paths, error);
    return status == SILT_OK ? silt_ruleset_build(set, out_dir, error) : status;
}

int main(int argc, char **argv)
{
    struct silt_error error = {0};
    struct silt_signatures *set = NULL;
    if (argc < 3) {
        fprintf(stderr, "usage: compile-signatures OUT_DIR FILE|DIR...\n");
        return 2;
    }
    enum silt_status status = silt_signatures_new(&set, &error);
    if (status == SILT_OK)
        status = compile(set, argv[1], argv + 2, &error);
    silt_signatures_free(set);
    if (status == SILT_OK)
        return 0;
    fprintf(stderr, "compile-signatures: %s\n", error.message);
    return 1;
}
