/*
 * datadir.c: where silt's own files are.
 */
#include "datadir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static bool join(char out[PATH_MAX], const char *directory, const char *name)
{
    int size = snprintf(out, PATH_MAX, "%s/%s", directory, name);
    return size > 0 && size < PATH_MAX;
}

static bool is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The running program's file. A bare root may lack /proc; then it is what the kernel was asked to run
 * (getauxval(3)), which the shell made a path. */
static bool find_program(char out[PATH_MAX])
{
    ssize_t size = readlink("/proc/self/exe", out, PATH_MAX - 1);
    if (size > 0)
        out[size] = '\0';
    const char *asked = (const char *)getauxval(AT_EXECFN);
    return size > 0 || (asked != NULL && realpath(asked, out) != NULL);
}

/* DIR/bin/silt is beside DIR/share/silt; so is BUILD/cli/silt. */
static bool find_share(char out[PATH_MAX])
{
    char program[PATH_MAX];
    if (!find_program(program))
        return false;
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (slash == NULL)
            return false;
        *slash = '\0';
    }
    return join(out, program, "share/silt");
}

bool silt_datadir_find(const char *name, char out[PATH_MAX])
{
    char share[PATH_MAX];
    const char *wanted = getenv("SILT_DATA_DIR");
    if (wanted != NULL && wanted[0] != '\0')
        return join(out, wanted, name) && is_directory(out);
    if (find_share(share) && join(out, share, name) && is_directory(out))
        return true;
    return join(out, SILT_DATADIR, name) && is_directory(out);
}

bool silt_datadir_cache(char out[PATH_MAX])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && cache[0] == '/') /* relative ones are to be ignored (XDG base directories) */
        return join(out, cache, "silt");
    return home != NULL && home[0] != '\0' && join(out, home, ".cache/silt");
}
