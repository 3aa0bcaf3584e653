/*
 * Logins in files, in all ways of writing. Helpers are tested with real registries, in tests/registry.
 */
#include "auth_file.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

/* Looks one file's text up; answers the login, which lives until the next call. */
static const struct silt_login *find(const char *text, const char *host, const char *repository,
                                     enum silt_status expected)
{
    static struct silt_login login;
    char path[] = "/tmp/silt-auth-XXXXXX";
    struct silt_error error = {0};
    int fd = mkstemp(path);
    cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    close(fd);
    memset(&login, 0, sizeof login);
    cr_expect_eq(silt_auth_file_find(path, host, repository, &login, &error), expected, "%s: %s", text,
                 error.message);
    unlink(path);
    return &login;
}

static void check(const char *text, const char *host, const char *repository, const char *secret)
{
    const struct silt_login *login = find(text, host, repository, SILT_OK);
    cr_expect_eq(login->kind, secret != NULL ? SILT_LOGIN_PASSWORD : SILT_LOGIN_NONE, "%s", text);
    if (secret != NULL)
        cr_expect_str_eq(login->secret, secret);
}

/* "u:p", "u:q:r" and "u:" in base64. */
#define UP "{\"auth\": \"dTpw\"}"
#define UQR "{\"auth\": \"dTpxOnI=\"}"

Test(auth_file, keys)
{
    check("{\"auths\": {\"host:5000\": " UP "}}", "host:5000", "a/b", "p");
    check("{\"auths\": {\"https://host:5000/v1/\": " UP "}}", "host:5000", "", "p");
    check("{\"auths\": {\"http://host/\": " UP "}}", "host", "a", "p");
    check("{\"auths\": {\"https://index.docker.io/v1/\": " UP "}}", "docker.io", "library/alpine", "p");
    check("{\"auths\": {\"host\": " UP ", \"host/a\": " UQR "}}", "host", "a/b", "q:r");
    check("{\"auths\": {\"host\": " UP ", \"host/a\": " UQR "}}", "host", "ab", "p");
    check("{\"auths\": {\"host\": " UP "}}", "host.evil", "a", NULL);
    check("{\"auths\": {\"host.evil\": " UP "}}", "host", "a", NULL);
    check("{\"auths\": {\"host\": " UP "}}", "host:5000", "a", NULL);
}

Test(auth_file, entries)
{
    check("{\"auths\": {\"h\": {\"username\": \"u\", \"password\": \"p\"}}}", "h", "", "p");
    check("{\"auths\": {\"h\": {}}}", "h", "", NULL);
    check("{\"auths\": {\"h\": {\"auth\": \"\"}}}", "h", "", NULL);
    check("{\"auths\": {\"h\": {\"auth\": \"dTo=\"}}}", "h", "", NULL);
    check("{\"auths\": {\"h\": {\"auth\": \"!!\"}}}", "h", "", NULL);
    check("{\"auths\": {\"h\": 5}}", "h", "", NULL);
    check("[]", "h", "", NULL);
    const struct silt_login *login =
        find("{\"auths\": {\"h\": {\"auth\": \"dTpw\", \"identitytoken\": \"t\"}}}", "h", "", SILT_OK);
    cr_expect_eq(login->kind, SILT_LOGIN_REFRESH);
    cr_expect_str_eq(login->secret, "t");
    cr_expect_str_eq(login->username, "u");
    login = find("{\"auths\": {\"h\": {\"registrytoken\": \"t\"}}}", "h", "", SILT_OK);
    cr_expect_eq(login->kind, SILT_LOGIN_BEARER);
}

Test(auth_file, files)
{
    struct silt_login *login = calloc(1, sizeof *login);
    struct silt_error error = {0};
    cr_expect_eq(silt_auth_file_find("/no/such/file", "h", "", login, &error), SILT_OK);
    cr_expect_eq(login->kind, SILT_LOGIN_NONE);
    free(login);
    find("{", "h", "", SILT_ERR_CORRUPT);
    find("{\"credsStore\": \"../evil\"}", "h", "", SILT_ERR_IO);
}
